import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { CheckpointError } from "@tenon/tensor";
import { Checkpoints, type SavedCheckpoint } from "@tenon/training";
import { checkpointFolder } from "@tenon/training/node";
import { z } from "zod";

import { type HeldOut, heldOutSchema, readRecord } from "../model/record.ts";
import { runOptionsSchema, type RunOptions } from "./options.ts";
import type { Run } from "./run.ts";

/** Where the states of a run are kept, in the folder of its model. It is there as long as the run is not finished. */
export const checkpointsName = "checkpoints";

/** What stands in a checkpoint beside the numbers. */
interface RunRecord {
  readonly version: 2;
  readonly options: RunOptions;
  /** The last held-out loss, for the model's record. */
  readonly heldOut?: HeldOut | undefined;
}

const schema: z.ZodType<RunRecord> = z.strictObject({
  version: z.literal(2),
  options: runOptionsSchema,
  heldOut: heldOutSchema.optional(),
});

/** The state of a run as it was saved last. */
export interface SavedRun extends RunRecord {
  readonly checkpoint: SavedCheckpoint;
}

/** The checkpoints of the run in a folder. */
export const checkpointsIn = (folder: string): Checkpoints =>
  new Checkpoints(checkpointFolder(join(folder, checkpointsName)));

/** Is there a run in the folder that is not finished? */
export async function hasRun(folder: string): Promise<boolean> {
  const names = await readdir(join(folder, checkpointsName)).catch(() => []);
  return names.length > 0;
}

/** Saves everything that it takes to go on. Whole or not at all. */
export async function saveRun(to: Checkpoints, { model, optimiser, options }: Run, heldOut?: HeldOut): Promise<void> {
  const record: RunRecord = { version: 2, options, ...(heldOut && { heldOut }) };
  await to.save({ model, optimiser }, JSON.parse(JSON.stringify(record)));
}

/** Reads the state of the run in a folder. Throws `CheckpointError` when there is none, or when none of its checkpoints is sound. */
export async function readRun(folder: string): Promise<SavedRun> {
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
  return { checkpoint, ...readRecord(schema, checkpoint.record, "record", file) };
}
