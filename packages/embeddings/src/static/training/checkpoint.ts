import { CheckpointError } from "@tenon/tensor";

import { type Block, view } from "./layout.ts";

/** How far a training run has come: with this it goes on as if it had never stopped, on one thread to the same bits. */
export interface TrainingCheckpoint {
  /** What the run was started with; a run with anything else cannot go on from here. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The epoch, and the byte of the text, from which it goes on. */
  readonly epoch: number;
  readonly byte: number;
  /** Words, examples and the sum of their losses, of each epoch so far. */
  readonly learned: readonly { readonly words: number; readonly examples: number; readonly loss: number }[];
  /** The matrices, and what else changes. When a run saves them they are the ones that it works on: to be copied or written at once. */
  readonly arrays: Readonly<Record<string, Float32Array | Int32Array>>;
}

/** Where a run keeps checkpoints: `fileCheckpoint` of `@tenon/embeddings/static/node`, or a place of your own. */
export interface CheckpointStore {
  /** Seconds between two checkpoints. One more is saved when the run is stopped by its signal, and one when it is done. */
  readonly seconds: number;
  /** What was saved last; undefined where nothing was. A run that finds something goes on from there. */
  load(): Promise<TrainingCheckpoint | undefined>;
  save(checkpoint: TrainingCheckpoint): Promise<void>;
}

/** Blocks of a memory as a checkpoint has them. */
export const arraysOf = (
  memory: WebAssembly.Memory,
  state: Readonly<Record<string, Block<"f32"> | Block<"i32">>>,
): Record<string, Float32Array | Int32Array> =>
  Object.fromEntries(Object.entries(state).map(([name, block]) => [name, view<"f32" | "i32">(memory, block)]));

/**
 * Brings a memory to where a checkpoint was. Throws a CheckpointError, before anything is changed, where it is of a run with other settings or
 * lacks something.
 */
export function restore(
  { settings, arrays }: TrainingCheckpoint,
  expected: Readonly<Record<string, unknown>>,
  to: Readonly<Record<string, Float32Array | Int32Array>>,
): void {
  for (const key of new Set([...Object.keys(expected), ...Object.keys(settings)])) {
    const [is, was] = [expected, settings].map((each) => JSON.stringify(each[key]) ?? "nothing");
    if (is === was) continue;
    throw new CheckpointError(
      `the checkpoint is of another training: its ${key} was ${was}, and is ${is} now. Train as before to go on, or remove the checkpoint to begin anew.`,
      { key },
    );
  }
  for (const [name, array] of Object.entries(to)) {
    const saved = arrays[name];
    if (saved?.length === array.length && saved.constructor === array.constructor) continue;
    throw new CheckpointError(
      `the checkpoint is damaged: "${name}" has ${saved?.length ?? 0} numbers, not ${array.length}. Remove it to begin anew.`,
      { name },
    );
  }
  for (const [name, array] of Object.entries(to)) array.set(arrays[name]!);
}
