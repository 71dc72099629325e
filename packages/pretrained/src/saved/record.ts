import * as z from "zod";

import { type Origin, originSchema } from "./origin.ts";
import type { HeldOut, TrainingRecord } from "./saved-model.ts";

/**
 * What a model's file holds beside the parameters: everything that it takes to use them. The spec and the tokenizer are checked by
 * those who make something of them.
 */
export interface ModelRecord {
  readonly version: 1;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly tokenizer: Readonly<Record<string, unknown>>;
  readonly training: TrainingRecord;
  readonly origin?: Origin | undefined;
}

/** The key of a safetensors file's metadata under which the record stands, as JSON. */
export const recordKey = "tenon";

const step = z.int().nonnegative();

const heldOut: z.ZodType<HeldOut> = z.strictObject({ step, loss: z.number() });

const training: z.ZodType<TrainingRecord> = z.strictObject({
  tenon: z.string(),
  text: z.string(),
  tokens: z.int().positive(),
  step,
  steps: z.int().positive(),
  earlierSteps: step.optional(),
  batch: z.int().positive(),
  rate: z.number().positive(),
  seed: step,
  heldOut: heldOut.optional(),
});

export const recordSchema: z.ZodType<ModelRecord> = z.strictObject({
  version: z.literal(1),
  spec: z.record(z.string(), z.unknown()),
  tokenizer: z.record(z.string(), z.unknown()),
  training,
  origin: originSchema.optional(),
});

/** The first thing that is wrong with a record, and the path of its key, "" for the record itself. */
export function firstProblem({ issues: [issue] }: z.ZodError): { readonly path: string; readonly message: string } {
  return { path: issue!.path.join("."), message: issue!.message };
}
