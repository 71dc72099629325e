import { none } from "../op.ts";
import type * as composites from "../ops/composites.ts";
import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import { activationCases } from "./activation-cases.ts";
import { attentionCases } from "./attention-cases.ts";
import { quantizedCases } from "./quantized-cases.ts";
import { convCases } from "./conv-cases.ts";
import { crossEntropyCases } from "./cross-entropy-cases.ts";
import { linearCases } from "./linear-cases.ts";
import { normCases } from "./norm-cases.ts";
import { sortCases } from "./sort-cases.ts";
import type { OpCase } from "./op-case.ts";
import { plainSoftmax } from "./plain-attention.ts";
import { plainUniform } from "./plain-threefry.ts";
import { at, bools, floats, moved, plain, upTo, type Plain } from "./plain.ts";
import { updateCases } from "./update-cases.ts";

const dice = random(29);
const real = (shape: Shape): Plain => floats(shape, dice);

const softmaxShapes: readonly [Shape, number][] = [
  [[5], 0],
  [[1], 0],
  [[2, 3, 4], 0],
  [[2, 3, 4], 1],
  [[2, 3, 4], 2],
  [[0, 3], 1],
  [[3, 0], 1],
];
/** Each row along the axis through `f`. */
function alongAxis(f: (row: number[]) => number[]): OpCase[] {
  return softmaxShapes.map(([shape, axis]) => {
    const x = real(shape);
    const expected = plain(shape, (i) => f(upTo(shape[axis]!).map((n) => at(x, moved(i, axis, n))))[i[axis]!]!);
    return { inputs: [x], attrs: { axis }, expected: [expected] };
  });
}
const softmaxOf = (row: number[]): number[] =>
  plainSoftmax(
    row,
    row.map(() => true),
  );

function maskedSoftmaxCase(x: Plain, mask: Plain): OpCase {
  const n = x.shape.at(-1)!;
  const expected = plain(x.shape, (i) => {
    const cells = upTo(n).map((c) => [...i.slice(0, -1), c]);
    return plainSoftmax(
      cells.map((cell) => at(x, cell)),
      cells.map((cell) => at(mask, cell) === 1),
    )[i.at(-1)!]!;
  });
  return { inputs: [x, mask], attrs: none, expected: [expected] };
}

function ropeCase(lead: Shape, t: number, k: number, half: number): OpCase {
  const x = real([...lead, t, k]);
  const cos = real([t, half]); // any two tables: the op does not ask for cos² + sin² = 1
  const sin = real([t, half]);
  const expected = plain(x.shape, (i) => {
    const [row, column] = i.slice(-2) as [number, number];
    if (column >= 2 * half) return at(x, i);
    const pair = column % half;
    const [first, second] = [pair, pair + half].map((c) => at(x, [...i.slice(0, -1), c])) as [number, number];
    const [c, s] = [at(cos, [row, pair]), at(sin, [row, pair])];
    return column < half ? first * c - second * s : second * c + first * s;
  });
  return { inputs: [x, cos, sin], attrs: none, expected: [expected] };
}

function dropoutCase(shape: Shape, rate: number): OpCase {
  const x = real(shape);
  const key = [31, -5] as const;
  const drawn = plainUniform(shape, key, 6);
  return {
    inputs: [x],
    attrs: { rate, key, counter: 6 },
    expected: [{ ...x, data: x.data.map((value, i) => (drawn[i]! < rate ? 0 : value / (1 - rate))) }],
  };
}

/** Calls of every composite and what they must give. An op without a row here does not compile, and fails a test. */
export const compositeCases: { readonly [K in keyof typeof composites]: readonly OpCase[] } = {
  ...activationCases,
  ...attentionCases,
  ...crossEntropyCases,
  ...linearCases,
  ...normCases,
  ...updateCases,
  quantizedLinear: quantizedCases.quantizedLinear,
  quantizedEmbedding: quantizedCases.quantizedEmbedding,
  conv2d: convCases,
  sort: sortCases,
  softmax: alongAxis(softmaxOf),
  logSoftmax: alongAxis((row) => softmaxOf(row).map(Math.log)),
  maskedSoftmax: [
    maskedSoftmaxCase(
      real([3, 4]),
      plain([3, 4], ([row]) => (row === 0 ? 0 : dice.integer(2)), "bool"),
    ), // nothing is allowed in row 0
    maskedSoftmaxCase(real([2, 3, 5]), bools([3, 5], dice)),
    maskedSoftmaxCase(real([2, 3, 5]), bools([2, 1, 5], dice)),
    maskedSoftmaxCase(
      real([2, 3]),
      plain([], () => 1, "bool"),
    ),
    maskedSoftmaxCase(
      real([2, 3]),
      plain([2, 1], ([row]) => row!, "bool"),
    ),
    maskedSoftmaxCase(
      real([0, 3]),
      plain([3], () => 1, "bool"),
    ),
  ],
  rope: [ropeCase([2, 3], 4, 6, 3), ropeCase([1, 2], 3, 7, 2), ropeCase([], 3, 2, 1), ropeCase([2], 1, 4, 2)],
  dropout: [dropoutCase([3, 5], 0.4), dropoutCase([7], 0), dropoutCase([], 0.5), dropoutCase([0], 0.5)],
};
