import { stat } from "node:fs/promises";
import { join } from "node:path";

import {
  encodeTensor,
  loadParameters,
  type SafetensorsFile,
  type StoredTensor,
  type TensorData,
} from "@tenon/checkpoint";
import { readSafetensors, writeSafetensors } from "@tenon/checkpoint/node";
import { CheckpointError } from "@tenon/tensor";
import type { HostArray } from "@tenon/training";
import { z } from "zod";

import { blameFile } from "../model/blame-file.ts";
import { type HeldOut, heldOutSchema, parseRecord } from "../model/record.ts";
import { runOptionsSchema, type RunOptions } from "./options.ts";
import { runKey } from "./run-key.ts";
import type { Run } from "./run.ts";

/** What the state of a run is called, in the folder of its model. It is there as long as the run is not finished. */
export const runFileName = "training.safetensors";

/** What stands in the metadata. */
interface RunRecord {
  readonly version: 1;
  readonly step: number;
  readonly options: RunOptions;
  /** The last held-out loss, for the model's record. */
  readonly heldOut?: HeldOut | undefined;
}

const schema: z.ZodType<RunRecord> = z.strictObject({
  version: z.literal(1),
  step: z.int().nonnegative(),
  options: runOptionsSchema,
  heldOut: heldOutSchema.optional(),
});

/** The state of a run as a file holds it. */
export interface SavedRun {
  readonly file: SafetensorsFile;
  readonly step: number;
  readonly options: RunOptions;
  readonly heldOut: HeldOut | undefined;
}

/** Writes everything that it takes to go on: options, parameters, the optimiser's state. Whole or not at all. */
export async function saveRun(folder: string, run: Run, heldOut: HeldOut | undefined): Promise<void> {
  const { model, optimiser, options } = run;
  const entries: [string, TensorData][] = [];
  for (const [path, parameter] of model.parameters()) {
    entries.push([`parameters.${path}`, encodeTensor(await parameter.host(), parameter.type.shape, { dtype: "F32" })]);
  }
  for (const [name, { data, shape }] of await optimiser.state()) {
    entries.push([`optimiser.${name}`, encodeTensor(data, shape)]);
  }
  const record: RunRecord = { version: 1, step: optimiser.steps, options, heldOut };
  await writeSafetensors(join(folder, runFileName), entries, { [runKey]: JSON.stringify(record) });
}

/** Reads the state of the run in a folder. Throws `CheckpointError` when there is none, or when it is damaged. */
export async function readRun(folder: string): Promise<SavedRun> {
  const path = join(folder, runFileName);
  if ((await stat(folder).catch(() => undefined))?.isFile()) {
    throw new CheckpointError(`${folder} is a file; a run is resumed by its folder. Name the folder that it is in.`, {
      folder,
    });
  }
  if ((await stat(path).catch(() => undefined)) === undefined) {
    throw new CheckpointError(
      `there is no unfinished run in ${folder}: it has no ${runFileName}. Name the folder that \`tenon train --out\` wrote to; a run that is finished cannot be resumed.`,
      { folder },
    );
  }
  const file = await readSafetensors(path);
  const text = file.metadata[runKey];
  if (text === undefined) {
    throw new CheckpointError(
      `${path} is a safetensors file, but not the state of a training run: its metadata has no "${runKey}". Name another folder.`,
      { file: path },
    );
  }
  const { step, options, heldOut } = parseRecord(schema, text, runKey, path);
  return { file, step, options, heldOut };
}

/** Takes a run to where it was saved: its parameters, its optimiser, its step. All or nothing. */
export function restoreRun(run: Run, { file, step }: SavedRun): void {
  const state = new Map<string, HostArray>(
    [...under(file, "optimiser.")].map(([name, stored]) => [name, { shape: stored.shape, data: stored.toFloat32() }]),
  );
  loadParameters(run.model, { ...file, tensors: under(file, "parameters.") });
  blameFile(file.name, () => run.optimiser.load(state));
  if (run.optimiser.steps === step) return;
  throw new CheckpointError(
    `${file.name}: its optimiser has taken ${run.optimiser.steps} steps, but its metadata says ${step}. The file is damaged: begin the run again.`,
    { file: file.name },
  );
}

/** The tensors whose names begin with `prefix`, by the rest of their names. */
function under(file: SafetensorsFile, prefix: string): Map<string, StoredTensor> {
  return new Map(
    [...file.tensors].flatMap(([name, stored]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), stored]] : [],
    ),
  );
}
