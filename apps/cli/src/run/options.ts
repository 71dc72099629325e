import { z } from "zod";

import { type TextSource, textSourceSchema } from "./text-source.ts";

/** Everything that decides what a training run does: two runs with the same options, on the same backend, end with the same bits. */
export interface RunOptions {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly tokenizer: Readonly<Record<string, unknown>>;
  readonly text: TextSource;
  /** SHA-256 of the text. */
  readonly textHash: string;
  readonly batch: number;
  readonly steps: number;
  readonly rate: number;
  readonly warmUp: number;
  readonly weightDecay: number;
  readonly clip: number;
  /** The share of words that an encoder has to guess; nothing for a decoder. */
  readonly maskRate: number;
  readonly evaluateEvery: number;
  readonly saveEvery: number;
  readonly seed: number;
  /** Steps that the model had been trained before this run, when it begins with a trained one. */
  readonly earlierSteps?: number | undefined;
}

const size = z.int().positive();

export const runOptionsSchema: z.ZodType<RunOptions> = z.strictObject({
  spec: z.record(z.string(), z.unknown()),
  tokenizer: z.record(z.string(), z.unknown()),
  text: textSourceSchema,
  textHash: z.string(),
  batch: size,
  steps: size,
  rate: z.number().positive(),
  warmUp: z.int().nonnegative(),
  weightDecay: z.number().nonnegative(),
  clip: z.number().positive(),
  maskRate: z.number().positive().max(1),
  evaluateEvery: size,
  saveEvery: size,
  seed: z.int().nonnegative(),
  earlierSteps: z.int().nonnegative().optional(),
});
