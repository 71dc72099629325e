import { bert, gpt, llama } from "../src/presets.ts";
import type { DecoderSpec, EncoderSpec, PartSpec, StackSpec } from "../src/spec.ts";

const counts = { vocabulary: 13, context: 9, width: 16, layers: 2 };
const sizes = { ...counts, heads: 4 };

const positions: readonly PartSpec[] = [
  { kind: "none" },
  { kind: "learned" },
  { kind: "sinusoidal" },
  { kind: "rotary" },
  { kind: "rotary", base: 50, fraction: 0.5 },
];
const residuals: readonly PartSpec[] = [
  { kind: "pre-norm" },
  { kind: "post-norm" },
  { kind: "pre-norm", finalNorm: false },
];
const norms: readonly PartSpec[] = [{ kind: "layer-norm", bias: false }, { kind: "rms-norm" }];
const feedForwards: readonly PartSpec[] = [
  { kind: "mlp", hidden: 7, activation: "relu" },
  { kind: "gated-mlp", hidden: 7, activation: "gelu" },
];
const keyValueHeads: readonly number[] = [4, 2, 1];

// Fifteen mixtures: among them, any two of the choices above that belong to different keys meet.
const mixtures = Array.from({ length: 15 }, (_, i) => {
  const [position, residual] = [positions[i % 5]!, residuals[i % 3]!];
  const [norm, feedForward] = [norms[i % 2]!, feedForwards[(i >> 1) % 2]!];
  const attention = { kind: "multi-head", heads: 4, keyValueHeads: keyValueHeads[Math.floor(i / 5)]! };
  const spec: StackSpec = { version: 1, ...counts, position, attention, feedForward, norm, residual, dropout: 0 };
  const name = JSON.stringify([position, residual, norm, feedForward]).replaceAll(/["{}[\]]|"kind":/g, "");
  return { i, name, spec };
});

/** Presets and mixtures by name: what every decoder is tested with. */
export const decoders: readonly (readonly [name: string, spec: DecoderSpec])[] = [
  ["gpt", gpt(sizes)],
  ["llama", llama({ ...sizes, keyValueHeads: 2, hidden: 11 })],
  ...mixtures.map(({ i, name, spec }) => [name, { ...spec, kind: "decoder", tied: (i >> 2) % 2 === 0 }] as const),
];

/** The same for encoders: fewer, since they are built of the same parts. */
export const encoders: readonly (readonly [name: string, spec: EncoderSpec])[] = [
  ["bert", bert(sizes)],
  ...mixtures
    .slice(0, 6)
    .map(
      ({ i, name, spec }) => [name, { ...spec, kind: "encoder", segments: i % 3, embeddingNorm: i % 2 === 0 }] as const,
    ),
];
