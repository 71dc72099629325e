import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { CheckpointError, type Json } from "@tenon/tensor";
import { Checkpoints, type SavedCheckpoint } from "@tenon/training";
import { checkpointFolder } from "@tenon/training/node";
import { z } from "zod";

import { pretrainedPackage } from "../model/pretrained-package.ts";
import { runOptionsSchema, type RunOptions } from "./options.ts";

/** Where the states of a run are kept, in the folder of its model. It is there as long as the run is not finished. */
export const checkpointsName = "checkpoints";

/** What stands in a checkpoint beside what `fit` itself remembers. */
interface RunRecord {
  readonly version: 1;
  readonly options: RunOptions;
}

/** The checkpoints of the run in a folder. */
export const checkpointsIn = (folder: string): Checkpoints =>
  new Checkpoints(checkpointFolder(join(folder, checkpointsName)));

/** Is there a run in the folder that is not finished? */
export async function hasRun(folder: string): Promise<boolean> {
  const names = await readdir(join(folder, checkpointsName)).catch(() => []);
  // What a process that was killed left half written is hidden.
  return names.some((name) => !name.startsWith("."));
}

/** What a checkpoint is to hold, to make the run again. */
export const recordOf = (options: RunOptions): Json => JSON.parse(JSON.stringify({ version: 1, options })) as Json;

/** The options of the run in a folder, and the checkpoint that they are from. Throws `CheckpointError` when there is none, or none that is sound. */
export async function readRun(folder: string): Promise<{ options: RunOptions; checkpoint: SavedCheckpoint }> {
  if ((await stat(folder).catch(() => undefined))?.isFile()) {
    throw new CheckpointError(`${folder} is a file; a run is resumed by its folder. Name the folder that it is in.`, {
      folder,
    });
  }
  const checkpoint = await checkpointsIn(folder).latest();
  if (checkpoint === undefined) {
    throw new CheckpointError(
      `there is no unfinished run in ${folder}: it has no ${checkpointsName}. Name the folder that \`tenon train --out\` wrote to; a run that is finished cannot be resumed.`,
      { folder },
    );
  }
  const file = join(folder, checkpointsName, checkpoint.file);
  return { checkpoint, options: (await checkRecord(checkpoint.record, file)).options };
}

/** What stands in a checkpoint, checked. Throws `CheckpointError` naming the file, the key and what is wrong with it. */
async function checkRecord(record: unknown, file: string): Promise<RunRecord> {
  const { originSchema } = await pretrainedPackage();
  const options = runOptionsSchema(originSchema);
  const schema = z.object({ given: z.strictObject({ version: z.literal(1), options }) });
  const { data, error } = schema.safeParse(record);
  if (data !== undefined) return data.given;
  const [issue] = error.issues;
  const key = ["record", ...issue!.path].join(".");
  throw new CheckpointError(
    `${file}: its metadata "${key}" is wrong: ${issue!.message}. The file is damaged, or was written by another version of Tenon: use another copy, or train it again.`,
    { file, key },
  );
}
