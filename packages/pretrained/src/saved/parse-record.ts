import type { SafetensorsFile } from "@tenon/checkpoint";
import { CheckpointError } from "@tenon/tensor";

import { damaged } from "./damaged.ts";
import { firstProblem, type ModelRecord, recordKey, recordSchema } from "./record.ts";

/** The record of a file. Throws `CheckpointError` for a file that has none, and for one that is not what {@link ModelRecord} says. */
export function parseRecord(file: SafetensorsFile): ModelRecord {
  const text = recordText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(`${file.name}: its metadata "${recordKey}" is not valid JSON.`, { file: file.name, key: recordKey });
  }
  const result = recordSchema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = firstProblem(result.error);
  const key = path === "" ? recordKey : `${recordKey}.${path}`;
  throw damaged(`${file.name}: its metadata "${key}" is wrong: ${message}.`, { file: file.name, key });
}

function recordText({ name, metadata }: SafetensorsFile): string {
  const text = metadata[recordKey];
  if (text !== undefined) return text;
  const isRun = metadata["tenon.checkpoint"] !== undefined;
  const what = isRun
    ? "is the state of a training run, not a model"
    : `is a safetensors file, but no model of Tenon's: its metadata has no "${recordKey}"`;
  const remedy = isRun
    ? "Give the model.safetensors in the folder above, or go on with the run: `tenon train --resume`."
    : "Give a file that `tenon train` wrote.";
  throw new CheckpointError(`${name} ${what}. ${remedy}`, { file: name });
}
