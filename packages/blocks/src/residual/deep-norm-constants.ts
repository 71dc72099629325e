import { expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

/** How many blocks a model's encoder and decoder have; one that is missing is left out. */
export interface Depths {
  /** N, the blocks of the encoder. */
  readonly encoder?: number;
  /** M, the blocks of the decoder. */
  readonly decoder?: number;
}

/** The two numbers that `DeepNorm` adapts to a depth. */
export interface DeepNormConstants {
  /** α, what the stream is multiplied with before the sum. */
  readonly alpha: number;
  /** β, the gain of the Xavier initialisation of values, outputs and feed-forward weights. Queries and keys keep the gain 1. */
  readonly beta: number;
}

/**
 * α and β of `DeepNorm` for the depths of a model, N blocks of an encoder and M of a decoder. `deepNormScheme` begins its weights by β.
 *
 * | model             | side    | α                 | β                  |
 * | ----------------- | ------- | ----------------- | ------------------ |
 * | encoder alone     | encoder | (2 N)^¼           | (8 N)^−¼           |
 * | decoder alone     | decoder | (2 M)^¼           | (8 M)^−¼           |
 * | encoder–decoder   | encoder | 0.81 (N⁴ M)^(1/16) | 0.87 (N⁴ M)^(−1/16) |
 * |                   | decoder | (3 M)^¼           | (12 M)^−¼          |
 *
 * Throws `ConfigError` unless at least one depth is given, each a whole number from 1 up.
 *
 * Wang et al. 2022, "DeepNet: scaling transformers to 1,000 layers", figure 2.
 *
 * @example
 * ```ts
 * console.log(deepNormConstants({ encoder: 2 }).encoder.beta); // 0.5
 * const { encoder, decoder } = deepNormConstants({ encoder: 18, decoder: 18 });
 * console.log(encoder.alpha.toFixed(3), decoder.alpha.toFixed(3)); // 1.999 2.711
 * ```
 */
export function deepNormConstants<const D extends Depths>(depths: D): { readonly [Side in keyof D]: DeepNormConstants };
export function deepNormConstants({ encoder, decoder }: Depths): Partial<Record<keyof Depths, DeepNormConstants>> {
  for (const [side, depth] of Object.entries({ encoder, decoder }))
    if (depth !== undefined) expectSize("deepNormConstants", side, depth);
  if (encoder === undefined && decoder === undefined)
    throw new ConfigError("deepNormConstants: give the number of blocks of the encoder, of the decoder, or of both");
  if (decoder === undefined) return { encoder: ofOneStack(encoder!) };
  if (encoder === undefined) return { decoder: ofOneStack(decoder) };
  const both = encoder ** 4 * decoder;
  return {
    encoder: { alpha: 0.81 * both ** (1 / 16), beta: 0.87 * both ** (-1 / 16) },
    decoder: { alpha: (3 * decoder) ** (1 / 4), beta: (12 * decoder) ** (-1 / 4) },
  };
}

const ofOneStack = (depth: number): DeepNormConstants => ({
  alpha: (2 * depth) ** (1 / 4),
  beta: (8 * depth) ** (-1 / 4),
});
