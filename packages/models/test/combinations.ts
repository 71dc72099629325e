import type { DecoderSpec, EncoderSpec, PartSpec } from "../src/spec.ts";

const positions: readonly PartSpec[] = [
  { kind: "none" },
  { kind: "learned" },
  { kind: "sinusoidal" },
  { kind: "relative", clip: 2 },
  { kind: "t5", buckets: 8, maxDistance: 6 },
  { kind: "alibi" },
  { kind: "rotary" },
];
const attentions: readonly PartSpec[] = [
  { kind: "multi-head", heads: 3 },
  {
    kind: "multi-head",
    heads: 4,
    keyValueHeads: 2,
    headWidth: 6,
    headNorm: true,
    gate: "head",
    softCap: 30,
    sinks: true,
  },
  { kind: "multi-head", heads: 2, windows: [null, 3], bias: "input" },
  { kind: "latent", heads: 2, latentWidth: 5, queryLatentWidth: 7, headWidth: 4, positionWidth: 4, valueWidth: 8 },
  { kind: "linear", heads: 2 },
];
/** What adds to scores, of which linear attention forms none. */
const biases = new Set(["relative", "t5", "alibi"]);
const residuals: readonly PartSpec[] = [
  { kind: "pre-norm" },
  { kind: "post-norm" },
  { kind: "sandwich-norm" },
  { kind: "parallel", norms: 2 },
  { kind: "deep-norm" },
  { kind: "re-zero" },
  { kind: "layer-scale", initial: 0.1 },
];
const feedForwards: readonly PartSpec[] = [
  { kind: "mlp", hidden: 7, activation: "relu-squared" },
  { kind: "gated-mlp", hidden: 7, activation: "identity" },
  { kind: "mixture", experts: 4, expertsPerToken: 2, hidden: 5, shared: 3 },
];
const norms: readonly PartSpec[] = [
  { kind: "layer-norm" },
  { kind: "rms-norm", unitOffset: true },
  { kind: "scale-norm" },
];

type Choice = readonly [position: number, attention: number, residual: number, feedForward: number];
const every: readonly Choice[] = positions.flatMap(({ kind }, p) =>
  attentions.flatMap((attention, a) =>
    attention.kind === "linear" && biases.has(kind)
      ? []
      : residuals.flatMap((_, r) => feedForwards.map((_, f) => [p, a, r, f] as const)),
  ),
);

/** A few of them, such that any two choices that belong to different places meet in one. */
function meetingInPairs(choices: readonly Choice[]): Choice[] {
  const met = new Set<string>();
  return choices
    .toSorted(([a], [b]) => a - b)
    .filter((choice) => {
      const pairs = choice.flatMap((x, i) => choice.slice(i + 1).map((y, j) => `${i}:${x} ${i + 1 + j}:${y}`));
      const fresh = pairs.some((pair) => !met.has(pair));
      for (const pair of pairs) met.add(pair);
      return fresh;
    });
}

function specOf([p, a, r, f]: Choice): DecoderSpec | EncoderSpec {
  const i = p + a + r + f;
  const shared = {
    version: 1,
    vocabulary: 11,
    context: 8,
    width: 12,
    layers: 2,
    position: positions[p]!,
    attention: attentions[a]!,
    residual: residuals[r]!,
    feedForward: feedForwards[f]!,
    norm: norms[i % 3]!,
    dropout: 0.1,
    ...(i % 4 === 0 && { tokens: { width: 6, scaled: true } }),
  } as const;
  return i % 3 === 2
    ? { kind: "encoder", ...shared, segments: 2, embeddingNorm: true }
    : { kind: "decoder", ...shared, tied: i % 2 === 0, ...(i % 5 === 0 && { logits: { softCap: 20, scale: 2 } }) };
}

const named = (choice: Choice): readonly [name: string, spec: DecoderSpec | EncoderSpec] => {
  const spec = specOf(choice);
  const [, a] = choice;
  const attention = ["multi-head", "grouped", "banded", "latent", "linear"][a];
  return [`${spec.kind}: ${spec.position.kind}, ${attention}, ${spec.residual.kind}, ${spec.feedForward.kind}`, spec];
};

/** Every position scheme with every attention, residual scheme and feed-forward part, where they go together. */
export const allCombinations: readonly (readonly [name: string, spec: DecoderSpec | EncoderSpec])[] = every.map(named);
/** Some of them, in which any two choices meet. */
export const someCombinations: readonly (readonly [name: string, spec: DecoderSpec | EncoderSpec])[] =
  meetingInPairs(every).map(named);
/** A handful, in which each choice (linear attention beside sinusoids), each norm, and decoders and encoders come at least once. */
export const fewCombinations: readonly (readonly [name: string, spec: DecoderSpec | EncoderSpec])[] = positions
  .map((_, p): Choice => [p, (6 - p) % attentions.length, (p + 1) % residuals.length, p % feedForwards.length])
  .map(named);
