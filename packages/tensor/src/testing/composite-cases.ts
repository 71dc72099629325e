import { none } from "../op.ts";
import type { AdamWAttrs } from "../ops/adamw.ts";
import type { AttentionAttrs } from "../ops/attention.ts";
import type * as composites from "../ops/composites.ts";
import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import { activationCases } from "./activation-cases.ts";
import type { OpCase } from "./op-case.ts";
import { plainAttention, plainSoftmax, type PlainAttention } from "./plain-attention.ts";
import { plainUniform } from "./plain-threefry.ts";
import { at, bools, floats, integers, moved, plain, positive, total, upTo, type Plain } from "./plain.ts";

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

function normCase(shape: Shape, epsilon: number, centre: boolean, bias: Plain | undefined): OpCase {
  const d = shape.at(-1)!;
  const x = real(shape);
  const weight = real([d]);
  const expected = plain(shape, (i) => {
    const row = upTo(d).map((c) => at(x, [...i.slice(0, -1), c]));
    const mean = centre ? total(row) / d : 0;
    const variance = total(row.map((value) => (value - mean) ** 2)) / d;
    const column = i.at(-1)!;
    return (
      ((at(x, i) - mean) / Math.sqrt(variance + epsilon)) * weight.data[column]! +
      (bias === undefined ? 0 : bias.data[column]!)
    );
  });
  return { inputs: centre ? [x, weight, bias] : [x, weight], attrs: { epsilon }, expected: [expected] };
}

/** Through the whole Jacobian ∂x̂ⱼ / ∂xᵢ = (δᵢⱼ − (1 + x̂ᵢ x̂ⱼ) / d) / σ. */
function layerNormGradientCase(shape: Shape, epsilon: number): OpCase {
  const d = shape.at(-1)!;
  const [x, weight, upstream] = [real(shape), real([d]), real(shape)];
  const expected = plain(shape, (place) => {
    const cells = upTo(d).map((c) => [...place.slice(0, -1), c]);
    const mean = total(cells.map((cell) => at(x, cell))) / d;
    const deviation = Math.sqrt(total(cells.map((cell) => (at(x, cell) - mean) ** 2)) / d + epsilon);
    const normal = cells.map((cell) => (at(x, cell) - mean) / deviation);
    const i = place.at(-1)!;
    return total(
      cells.map(
        (cell, j) =>
          at(upstream, cell) * weight.data[j]! * (((i === j ? 1 : 0) - (1 + normal[i]! * normal[j]!) / d) / deviation),
      ),
    );
  });
  return { inputs: [x, weight, upstream], attrs: { epsilon }, expected: [expected] };
}

function linearCase(lead: Shape, input: number, output: number, bias: Plain | undefined): OpCase {
  const x = real([...lead, input]);
  const weight = real([output, input]);
  const expected = plain(
    [...lead, output],
    (i) =>
      total(upTo(input).map((p) => at(x, [...i.slice(0, -1), p]) * at(weight, [i.at(-1)!, p]))) +
      (bias === undefined ? 0 : at(bias, i)),
  );
  return { inputs: [x, weight, bias], attrs: none, expected: [expected] };
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

function crossEntropyCase(logits: Plain, targets: Plain, ignoreIndex = -100): OpCase {
  const [n, v] = logits.shape as [number, number];
  const rows = upTo(n).filter((row) => targets.data[row] !== ignoreIndex);
  const losses = rows.map((row) => -Math.log(softmaxOf(upTo(v).map((c) => at(logits, [row, c])))[targets.data[row]!]!));
  return {
    inputs: [logits, targets],
    attrs: { ignoreIndex },
    expected: [plain([], () => total(losses) / Math.max(1, rows.length))],
  };
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

function attentionCase(tensors: PlainAttention, attrs: Partial<AttentionAttrs> = {}): OpCase {
  const full: AttentionAttrs = { scale: 0.5, mask: [], queryOffset: 0, keyLength: tensors.k.shape[2]!, ...attrs };
  const { q, k, v, bias, masks = [] } = tensors;
  return { inputs: [q, k, v, bias, ...masks], attrs: full, expected: [plainAttention(tensors, full)] };
}
const heads = (b: number, h: number, t: number, k: number, keyHeads = h, s = t): PlainAttention => ({
  q: real([b, h, t, k]),
  k: real([b, keyHeads, s, k]),
  v: real([b, keyHeads, s, k]),
});

function adamwCase(shape: Shape, attrs: AdamWAttrs): OpCase {
  const [p, m, g] = [real(shape), real(shape), real(shape)];
  const v = positive(shape, dice);
  const { rate, beta1, beta2, epsilon, decay, step } = attrs;
  const newM = plain(shape, (i) => beta1 * at(m, i) + (1 - beta1) * at(g, i));
  const newV = plain(shape, (i) => beta2 * at(v, i) + (1 - beta2) * at(g, i) ** 2);
  const newP = plain(shape, (i) => {
    const mean = at(newM, i) / (1 - beta1 ** step);
    const square = at(newV, i) / (1 - beta2 ** step);
    return at(p, i) - rate * decay * at(p, i) - (rate * mean) / (Math.sqrt(square) + epsilon);
  });
  return { inputs: [p, m, v, g], attrs, expected: [newP, newM, newV] };
}

const causal = { kind: "causal" } as const;

/** Calls of every composite and what they must give. An op without a row here does not compile, and fails a test. */
export const compositeCases: { readonly [K in keyof typeof composites]: readonly OpCase[] } = {
  ...activationCases,
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
  layerNorm: [
    normCase([5], 1e-5, true, real([5])),
    normCase([2, 3, 4], 1e-5, true, real([4])),
    normCase([3, 4], 0.1, true, undefined),
    normCase([0, 3], 1e-5, true, real([3])),
    normCase([3, 1], 0.5, true, real([1])),
  ],
  layerNormGradient: [
    layerNormGradientCase([5], 1e-5),
    layerNormGradientCase([2, 3, 4], 0.1),
    layerNormGradientCase([0, 3], 1e-5),
  ],
  rmsNorm: [
    normCase([5], 1e-6, false, undefined),
    normCase([2, 3, 4], 1e-6, false, undefined),
    normCase([3, 2], 0.1, false, undefined),
    normCase([0, 3], 1e-6, false, undefined),
  ],
  linear: [
    linearCase([], 3, 2, real([2])),
    linearCase([4], 3, 5, real([5])),
    linearCase([2, 3], 5, 4, undefined),
    linearCase([2, 1, 3], 1, 1, real([1])),
    linearCase([9], 7, 6, real([6])),
    linearCase([0], 3, 2, real([2])),
    linearCase([3], 0, 2, real([2])),
  ],
  rope: [ropeCase([2, 3], 4, 6, 3), ropeCase([1, 2], 3, 7, 2), ropeCase([], 3, 2, 1), ropeCase([2], 1, 4, 2)],
  crossEntropy: [
    crossEntropyCase(real([4, 5]), integers([4], dice, 0, 5)),
    crossEntropyCase(real([3, 4]), { dtype: "i32", shape: [3], data: [2, -100, 0] }),
    crossEntropyCase(real([3, 4]), { dtype: "i32", shape: [3], data: [3, 3, 1] }, 3),
    crossEntropyCase(real([2, 3]), { dtype: "i32", shape: [2], data: [-100, -100] }),
    crossEntropyCase(real([0, 3]), { dtype: "i32", shape: [0], data: [] }),
  ],
  dropout: [dropoutCase([3, 5], 0.4), dropoutCase([7], 0), dropoutCase([], 0.5), dropoutCase([0], 0.5)],
  attention: [
    attentionCase(heads(2, 2, 3, 4)),
    attentionCase(heads(1, 4, 3, 2, 2), { mask: [causal] }),
    attentionCase(heads(1, 2, 2, 3, 1, 5), { mask: [causal], queryOffset: 2, keyLength: 4 }),
    attentionCase(
      {
        ...heads(2, 2, 3, 2),
        bias: real([2, 1, 3]),
        masks: [{ dtype: "i32", shape: [2], data: [2, 0] }, bools([3, 3], dice)],
      },
      {
        mask: [
          { kind: "lengths", input: 0 },
          { kind: "dense", input: 1 },
        ],
      },
    ),
    attentionCase(heads(1, 1, 5, 2), { mask: [causal, { kind: "window", size: 2 }] }),
  ],
  adamw: [
    adamwCase([2, 3], { rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.01, step: 1 }),
    adamwCase([5], { rate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, decay: 0, step: 7 }),
    adamwCase([], { rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, step: 300 }),
  ],
};
