import type { OpCall } from "../run-op.ts";
import { pick, reals, shapeOf, truths, wholes, narrower, type Calls, type Draw } from "./draw.ts";

/** Any axis of a tensor with at least one. */
const along =
  (extra: (draw: Draw) => object = () => ({})) =>
  (draw: Draw): OpCall => {
    const shape = shapeOf(draw, 1);
    return { inputs: [reals(draw, shape)], attrs: { axis: draw.integer(0, shape.length - 1), ...extra(draw) } };
  };
const folded = (draw: Draw): OpCall => {
  const shape = shapeOf(draw, 1);
  const values = draw.flag() ? reals(draw, shape) : wholes(draw, shape, -50, 50);
  return { inputs: [values], attrs: { axis: draw.integer(0, shape.length - 1) } };
};
/** Rows of at least one element, no two alike: which of two equals comes first is settled elsewhere. */
const ranked = (draw: Draw, attrs: (n: number) => OpCall["attrs"]): OpCall => {
  const n = draw.size(1);
  return { inputs: [reals(draw, [...shapeOf(draw, 0, 2), n])], attrs: attrs(n) };
};

const loss = (draw: Draw): OpCall => {
  const [n, v] = [draw.size(), draw.size(1)];
  const targets = wholes(draw, [n], 0, v);
  const some = { ...targets, data: targets.data.map((id) => (draw.dice.integer(4) === 0 ? -100 : id)) };
  return {
    inputs: [reals(draw, [n, v]), some],
    attrs: { ignoreIndex: -100, labelSmoothing: pick(draw, [0, 0.1, 0.5]), zLoss: pick(draw, [0, 0, 0.25]) },
  };
};

/** Random calls of the ops that go along an axis. */
export const reductionCalls: Calls<
  | "sum"
  | "max"
  | "cumulativeSum"
  | "softmax"
  | "logSoftmax"
  | "maskedSoftmax"
  | "topK"
  | "sort"
  | "crossEntropy"
  | "crossEntropyGradient"
> = {
  sum: folded,
  max: folded,
  cumulativeSum: along((draw) => ({ reverse: draw.flag() })),
  softmax: along(),
  logSoftmax: along(),
  maskedSoftmax: (draw) => {
    const shape = shapeOf(draw, 1);
    const mask = truths(draw, draw.flag() ? shape : narrower(draw, shape));
    return { inputs: [reals(draw, shape), mask], attrs: {} };
  },
  topK: (draw) => ranked(draw, (n) => ({ k: draw.integer(1, n) })),
  sort: (draw) => ranked(draw, () => ({ descending: draw.flag() })),
  crossEntropy: loss,
  crossEntropyGradient: (draw) => {
    const { inputs, attrs } = loss(draw);
    return { inputs: [...inputs, reals(draw, [])], attrs };
  },
};
