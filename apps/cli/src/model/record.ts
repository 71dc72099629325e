import { CheckpointError } from "@tenon/tensor";
import { z } from "zod";

import { replaceFile } from "./blame-file.ts";
import { type Origin, originSchema } from "./origin.ts";

/** How a model was trained: for people to read. Nothing depends on it. */
export interface TrainingRecord {
  /** The version of Tenon that trained it. */
  readonly tenon: string;
  /** What it was trained on: the name of a file, or the built-in stories. */
  readonly text: string;
  /** How many tokens the text has, the held-out part included. */
  readonly tokens: number;
  /** Steps taken, of how many. */
  readonly step: number;
  readonly steps: number;
  /** Steps before those, in the runs whose model this one began with. */
  readonly earlierSteps?: number | undefined;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
  /** The last loss on the held-out text, if one was taken. */
  readonly heldOut?: HeldOut | undefined;
}

/** A loss on held-out text, and after how many steps it was taken. */
export interface HeldOut {
  readonly step: number;
  readonly loss: number;
}

/**
 * What a model file holds beside the parameters: everything that it takes to use them. The spec and the tokenizer are checked by
 * those who make something of them.
 */
export interface ModelRecord {
  readonly version: 1;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly tokenizer: Readonly<Record<string, unknown>>;
  readonly training: TrainingRecord;
  /** Whose model it began with, where that was no one of `tenon train`. */
  readonly origin?: Origin | undefined;
}

const step = z.int().nonnegative();

const heldOutSchema: z.ZodType<HeldOut> = z.strictObject({ step, loss: z.number() });

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
  heldOut: heldOutSchema.optional(),
});

const schema: z.ZodType<ModelRecord> = z.strictObject({
  version: z.literal(1),
  spec: z.record(z.string(), z.unknown()),
  tokenizer: z.record(z.string(), z.unknown()),
  training,
  origin: originSchema.optional(),
});

/** The key of a safetensors file's metadata under which the record stands, as JSON. */
export const modelKey = "tenon";

/** The record of a file. Throws `CheckpointError` when it is not what {@link ModelRecord} says. */
export const parseModelRecord = (text: string, file: string): ModelRecord => parseRecord(schema, text, modelKey, file);

/** JSON from the metadata of a file, checked. Throws `CheckpointError` naming the file, the key and what is wrong with it. */
function parseRecord<T>(schema: z.ZodType<T>, text: string, key: string, file: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CheckpointError(`${file}: its metadata "${key}" is not valid JSON. ${replaceFile}`, { file, key });
  }
  return readRecord(schema, value, key, file);
}

/** A record that was read, checked. Throws `CheckpointError` naming the file, the key and what is wrong with it. */
export function readRecord<T>(schema: z.ZodType<T>, value: unknown, key: string, file: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = [key, ...(issue?.path ?? [])].join(".");
  throw new CheckpointError(
    `${file}: its metadata "${where}" is wrong: ${issue?.message ?? "unreadable"}. ${replaceFile}`,
    {
      file,
      key: where,
    },
  );
}
