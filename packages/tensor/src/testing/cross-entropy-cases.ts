import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import type { OpCase } from "./op-case.ts";
import { plainSoftmax } from "./plain-attention.ts";
import { at, floats, integers, plain, total, upTo, type Plain } from "./plain.ts";

const dice = random(59);
const real = (shape: Shape): Plain => floats(shape, dice);
const targets = (...data: number[]): Plain => ({ dtype: "i32", shape: [data.length], data });

interface Counting {
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;
  readonly zLoss: number;
}
const logZ = (scores: readonly number[]): number => {
  const top = Math.max(...scores);
  return top + Math.log(total(scores.map((x) => Math.exp(x - top))));
};

/** The mean cross entropy, one class at a time: the target is a distribution, 1 − ε of it on one class and ε shared by all; and ζ log² Z. */
export function plainCrossEntropy(
  logits: Plain,
  wanted: Plain,
  { ignoreIndex, labelSmoothing, zLoss }: Counting,
): number {
  const [n, v] = logits.shape as [number, number];
  const rows = upTo(n).filter((row) => wanted.data[row] !== ignoreIndex);
  const losses = rows.map((row) => {
    const scores = upTo(v).map((c) => at(logits, [row, c]));
    const likely = plainSoftmax(
      scores,
      scores.map(() => true),
    );
    const share = upTo(v).map((c) => labelSmoothing / v + (c === wanted.data[row] ? 1 - labelSmoothing : 0));
    return total(share.map((part, c) => (part === 0 ? 0 : -part * Math.log(likely[c]!)))) + zLoss * logZ(scores) ** 2;
  });
  return total(losses) / Math.max(1, rows.length);
}

function crossEntropyCase(
  logits: Plain,
  wanted: Plain,
  labelSmoothing = 0,
  { ignoreIndex = -100, zLoss = 0 }: Partial<Counting> = {},
): OpCase {
  const attrs = { ignoreIndex, labelSmoothing, zLoss };
  return { inputs: [logits, wanted], attrs, expected: [plain([], () => plainCrossEntropy(logits, wanted, attrs))] };
}

/** What a class has of the rows' weight: its likelihood less its share of the target. */
function gradientCase(
  logits: Plain,
  wanted: Plain,
  labelSmoothing = 0,
  { ignoreIndex = -100, zLoss = 0 }: Partial<Counting> = {},
): OpCase {
  const [n, v] = logits.shape as [number, number];
  const upstream = real([]);
  const rows = upTo(n).filter((row) => wanted.data[row] !== ignoreIndex).length;
  const expected = plain([n, v], ([row, c]) => {
    if (wanted.data[row!] === ignoreIndex) return 0;
    const scores = upTo(v).map((each) => at(logits, [row!, each]));
    const likely = plainSoftmax(
      scores,
      scores.map(() => true),
    );
    const share = labelSmoothing / v + (c === wanted.data[row!] ? 1 - labelSmoothing : 0);
    return (upstream.data[0]! / rows) * ((1 + 2 * zLoss * logZ(scores)) * likely[c!]! - share);
  });
  return { inputs: [logits, wanted, upstream], attrs: { ignoreIndex, labelSmoothing, zLoss }, expected: [expected] };
}

/** Calls of the loss and of its gradient. */
export const crossEntropyCases: { readonly [K in "crossEntropy" | "crossEntropyGradient"]: readonly OpCase[] } = {
  crossEntropy: [
    crossEntropyCase(real([4, 5]), integers([4], dice, 0, 5)),
    crossEntropyCase(real([3, 4]), targets(2, -100, 0)),
    crossEntropyCase(real([3, 4]), targets(3, 3, 1), 0, { ignoreIndex: 3 }),
    crossEntropyCase(real([2, 3]), targets(-100, -100)),
    crossEntropyCase(real([0, 3]), targets()),
    crossEntropyCase(real([4, 5]), integers([4], dice, 0, 5), 0.25),
    crossEntropyCase(real([3, 4]), targets(2, -100, 0), 0.5),
    crossEntropyCase(real([2, 3]), targets(0, 2), 1),
    crossEntropyCase(real([2, 1]), targets(0, 0), 0.5),
    crossEntropyCase(real([2, 3]), targets(-100, -100), 0.125),
    crossEntropyCase(real([0, 3]), targets(), 0.5),
    crossEntropyCase(real([3, 4]), targets(2, -100, 0), 0, { zLoss: 0.25 }),
    crossEntropyCase(real([4, 7]), targets(2, -100, 0, 6), 0.125, { zLoss: 2 }),
  ],
  crossEntropyGradient: [
    gradientCase(real([4, 5]), integers([4], dice, 0, 5)),
    gradientCase(real([3, 4]), targets(3, 3, 1), 0, { ignoreIndex: 3 }),
    gradientCase(real([2, 3]), targets(-100, -100)),
    gradientCase(real([0, 3]), targets()),
    gradientCase(real([4, 7]), targets(2, -100, 0, 6), 0.25),
    gradientCase(real([2, 1]), targets(0, 0), 0.5),
    gradientCase(real([3, 4]), targets(2, -100, 0), 0, { zLoss: 0.25 }),
    gradientCase(real([4, 7]), targets(2, -100, 0, 6), 0.125, { zLoss: 2 }),
  ],
};
