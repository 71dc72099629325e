import type { Origin } from "@tenon/pretrained";
import { CheckpointError } from "@tenon/tensor";
import type { CheckpointFiles } from "@tenon/training";

import type { BatchChange } from "../learn/batch-sizes.ts";
import type { RunSettings } from "../run-plan.ts";
import { recordName } from "./file-names.ts";

/** What a run's text was made from; a text of the visitor's lies in the folder itself. */
export type SavedText =
  | { readonly kind: "stories"; readonly count: number; readonly seed: number }
  | { readonly kind: "text"; readonly name: string };

/** All that decides what a run does, as its folder keeps it: with the checkpoints, it goes on as if it had never stopped. */
export interface RunRecord {
  readonly version: 1;
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly tokenizer: Readonly<Record<string, unknown>>;
  readonly text: SavedText;
  readonly settings: RunSettings;
  readonly batches: readonly BatchChange[];
  /** The model that it began with, where that was no new one, and what came with it. */
  readonly began?: string | undefined;
  readonly earlierSteps?: number | undefined;
  readonly origin?: Origin | undefined;
  readonly finished: boolean;
}

const textName = "text.txt";

export async function writeRecord(files: CheckpointFiles, record: RunRecord): Promise<void> {
  await files.write(recordName, new TextEncoder().encode(JSON.stringify(record)));
}

/** Throws `CheckpointError` for a folder without a record, or with one that is damaged or of another version of the page. */
export async function readRecord(files: CheckpointFiles): Promise<RunRecord> {
  const record = await readJson<RunRecord>(files, recordName);
  if (record?.version === 1) return record;
  throw new CheckpointError(
    `${files.name} holds no run that this version of the page can go on with: its ${recordName} is ${record === undefined ? "missing or damaged" : "of another version"}. Delete the run; a model that it has can be opened in Run.`,
    { folder: files.name },
  );
}

export async function writeText(files: CheckpointFiles, text: string): Promise<void> {
  await files.write(textName, new TextEncoder().encode(text));
}

export async function readSavedText(files: CheckpointFiles): Promise<string> {
  return new TextDecoder().decode(await files.read(textName));
}

/** What a file of JSON holds; undefined for one that is not there, or damaged. */
export async function readJson<T>(files: CheckpointFiles, name: string): Promise<T | undefined> {
  if (!(await files.list()).includes(name)) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(await files.read(name))) as T;
  } catch {
    return undefined;
  }
}
