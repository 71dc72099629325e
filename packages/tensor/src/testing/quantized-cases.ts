import { none } from "../op.ts";
import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import type { OpCase } from "./op-case.ts";
import { at, floats, integers, plain, total, upTo, type Plain } from "./plain.ts";

const dice = random(61);

interface Weight {
  readonly levels: Plain;
  readonly scales: Plain;
}
/** Levels of `dtype` with one scale for each `group`, the ends of their range among them. Scales are exact in every float dtype, and of either sign. */
function weight(dtype: "q8" | "q4", lead: Shape, n: number, group: number): Weight {
  const [low, high] = dtype === "q8" ? [-127, 127] : [-8, 7];
  const drawn = integers([...lead, n], dice, low, high + 1);
  const data = drawn.data.map((level, i) => (i === 0 ? low : i === 1 ? high : level));
  const scales = floats([...lead, n / group], dice);
  return {
    levels: { dtype, shape: drawn.shape, data },
    scales: { ...scales, data: scales.data.map((scale) => scale / 64) },
  };
}
/** The element of a weight at an index. */
function element({ levels, scales }: Weight, index: readonly number[]): number {
  const group = levels.shape.at(-1)! / scales.shape.at(-1)!;
  return at(levels, index) * at(scales, [...index.slice(0, -1), Math.floor(index.at(-1)! / group)]);
}

function dequantizeCase(w: Weight): OpCase {
  return { inputs: [w.levels, w.scales], attrs: none, expected: [plain(w.levels.shape, (i) => element(w, i))] };
}

function linearCase(lead: Shape, w: Weight, biased = true): OpCase {
  const [output, input] = w.levels.shape as [number, number];
  const x = floats([...lead, input], dice);
  const bias = biased ? floats([output], dice) : undefined;
  const expected = plain([...lead, output], (i) => {
    const products = upTo(input).map((p) => at(x, [...i.slice(0, -1), p]) * element(w, [i.at(-1)!, p]));
    return total(products) + (bias === undefined ? 0 : at(bias, i));
  });
  return { inputs: [x, w.levels, w.scales, bias], attrs: none, expected: [expected] };
}

function embeddingCase(w: Weight, ids: Plain): OpCase {
  const expected = plain([...ids.shape, w.levels.shape[1]!], (i) => element(w, [at(ids, i.slice(0, -1)), i.at(-1)!]));
  return { inputs: [w.levels, w.scales, ids], attrs: none, expected: [expected] };
}

/** Calls of the ops that know what to do with the levels of a quantised weight. */
export const quantizedCases: {
  readonly [K in "dequantize" | "quantizedLinear" | "quantizedEmbedding"]: readonly OpCase[];
} = {
  dequantize: [
    dequantizeCase(weight("q8", [3], 8, 4)),
    dequantizeCase(weight("q4", [3], 8, 4)),
    dequantizeCase(weight("q4", [2], 6, 3)), // a byte holds levels of two groups
    dequantizeCase(weight("q8", [], 5, 5)),
    dequantizeCase(weight("q4", [2, 3], 4, 1)),
    dequantizeCase(weight("q8", [0], 4, 2)),
    dequantizeCase(weight("q4", [3], 0, 2)),
  ],
  quantizedLinear: [
    linearCase([], weight("q8", [3], 4, 2)),
    linearCase([5], weight("q4", [2], 8, 4)),
    linearCase([2, 3], weight("q8", [4], 5, 5), false),
    linearCase([2, 1], weight("q4", [1], 6, 3)),
    linearCase([4], weight("q4", [3], 4, 1), false),
    linearCase([5], weight("q4", [19], 4, 2)),
    linearCase([0], weight("q8", [3], 4, 2)),
    linearCase([3], weight("q8", [2], 0, 2)),
  ],
  quantizedEmbedding: [
    embeddingCase(weight("q8", [5], 4, 2), integers([6], dice, 0, 5)),
    embeddingCase(weight("q4", [4], 6, 3), integers([2, 3], dice, 0, 4)),
    embeddingCase(weight("q8", [3], 3, 1), integers([], dice, 0, 3)),
    embeddingCase(weight("q4", [2], 2, 2), integers([0], dice, 0, 2)),
  ],
};
