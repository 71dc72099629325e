import { stat } from "node:fs/promises";
import { join } from "node:path";

import { loadParameters, saveParameters, type SafetensorsFile } from "@tenon/checkpoint";
import { readSafetensors, writeFileAtomically } from "@tenon/checkpoint/node";
import { type Backend, CheckpointError } from "@tenon/tensor";
import type { Pretrained } from "@tenon/pretrained";
import { loadTokenizer, type Tokenizer } from "@tenon/tokenizers";

import { assembleTrainable, type Trainable } from "./assemble-trainable.ts";
import { isHuggingFace } from "../generation/prompt.ts";
import { blameFile, replaceFile } from "./blame-file.ts";
import { asPretrained, type Origin } from "./origin.ts";
import { modelKey, type ModelRecord, parseModelRecord, type TrainingRecord } from "./record.ts";

/** What a model is called in the folder that it was trained into. */
export const modelFileName = "model.safetensors";

/** A model as it came from a file, ready to use. */
export interface LoadedModel {
  readonly path: string;
  readonly model: Trainable;
  readonly tokenizer: Tokenizer;
  readonly training: TrainingRecord;
  /** Whose model it began with, where that was no one of `tenon train`. */
  readonly origin?: Origin | undefined;
  /** The model with what came with that one. */
  readonly pretrained?: Pretrained | undefined;
  readonly tokenizerConfig?: object | undefined;
}

/** A model file that was read and checked, its parameters not loaded yet. */
export interface ReadModel {
  readonly file: SafetensorsFile;
  readonly model: Trainable;
  readonly tokenizer: Tokenizer;
  readonly training: TrainingRecord;
  readonly origin?: Origin | undefined;
}

/**
 * Reads a model from a file, or from the `model.safetensors` of a folder. Throws `CheckpointError` naming the file and the remedy for
 * whatever is no sound Tenon model.
 */
export async function readModel(path: string): Promise<ReadModel> {
  const file = await readSafetensors(await inFolder(path));
  const record = parseModelRecord(recordText(file), file.name);
  const { model, tokenizer } = blameFile(file.name, () => ({
    model: assembleTrainable(record.spec),
    tokenizer: loadTokenizer(record.tokenizer),
  }));
  // A model of others may have room for more than its tokenizer has.
  if (model.vocabulary !== tokenizer.size && (record.origin === undefined || model.vocabulary < tokenizer.size)) {
    throw new CheckpointError(
      `${file.name}: its model has a vocabulary of ${model.vocabulary}, but its tokenizer has ${tokenizer.size} tokens. ${replaceFile}`,
      { file: file.name },
    );
  }
  return { file, model, tokenizer, training: record.training, origin: record.origin };
}

/** Reads a model with its parameters, and places it on a backend. Throws as {@link readModel} does. */
export async function loadModel(path: string, backend: Backend): Promise<LoadedModel> {
  const { file, model, tokenizer, training, origin } = await readModel(path);
  loadParameters(model, file);
  await model.to(backend);
  const loaded = { path: file.name, model, tokenizer, training };
  if (origin === undefined || !isHuggingFace(tokenizer)) return loaded;
  const pretrained = asPretrained(origin, model, tokenizer);
  return { ...loaded, origin, pretrained, tokenizerConfig: origin.tokenizerConfig };
}

/** Writes a model to a file, whole or not at all. */
export async function saveModel(path: string, model: Trainable, record: ModelRecord): Promise<void> {
  await writeFileAtomically(path, await saveParameters(model, { metadata: { [modelKey]: JSON.stringify(record) } }));
}

async function inFolder(path: string): Promise<string> {
  const status = await stat(path).catch(() => undefined);
  if (!status?.isDirectory()) return path;
  const file = join(path, modelFileName);
  if ((await stat(file).catch(() => undefined)) !== undefined) return file;
  throw new CheckpointError(
    `the folder ${path} has no ${modelFileName}. Name the folder that \`tenon train --out\` wrote to, or a model's file.`,
    { folder: path },
  );
}

function recordText({ name, metadata }: SafetensorsFile): string {
  const text = metadata[modelKey];
  if (text !== undefined) return text;
  const isRun = metadata["tenon.checkpoint"] !== undefined;
  const what = isRun
    ? "is the state of a training run, not a model"
    : `is a safetensors file, but no model of Tenon's: its metadata has no "${modelKey}"`;
  const remedy = isRun
    ? `Give the ${modelFileName} in the folder above, or go on with the run: \`tenon train --resume\`.`
    : "Give a file that `tenon train` wrote.";
  throw new CheckpointError(`${name} ${what}. ${remedy}`, { file: name });
}
