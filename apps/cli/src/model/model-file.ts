import { stat } from "node:fs/promises";
import { join } from "node:path";

import { readSafetensors, writeFileAtomically } from "@tenon/checkpoint/node";
import type { Pretrained, SavedModel } from "@tenon/pretrained";
import { type Backend, CheckpointError } from "@tenon/tensor";

import { pretrainedPackage } from "./pretrained-package.ts";

/** What a model is called in the folder that it was trained into. */
export const modelFileName = "model.safetensors";

/** A model as it came from a file, ready to use. */
export interface LoadedModel extends SavedModel {
  readonly path: string;
  /** The model with what came with that which it began with, where others made that. */
  readonly pretrained?: Pretrained | undefined;
  readonly tokenizerConfig?: object | undefined;
}

/**
 * Reads a model with its parameters from a file, or from the `model.safetensors` of a folder, and places it on a backend. Throws `CheckpointError` naming the file
 * and the remedy for whatever is no sound Tenon model.
 */
export async function loadModel(path: string, backend: Backend): Promise<LoadedModel> {
  const file = await readSafetensors(await inFolder(path));
  const { asPretrained, loadSavedModel } = await pretrainedPackage();
  const saved = await loadSavedModel(file, { backend });
  return {
    ...saved,
    path: file.name,
    pretrained: asPretrained(saved),
    tokenizerConfig: saved.origin?.tokenizerConfig,
  };
}

/** Writes a model to a file, whole or not at all. */
export async function saveModel(path: string, saved: SavedModel): Promise<void> {
  const { savedModelBytes } = await pretrainedPackage();
  await writeFileAtomically(path, await savedModelBytes(saved));
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
