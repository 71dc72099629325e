import { ConfigError } from "@tenon/tensor";
import type { Batches } from "@tenon/training";

/** From a step on, batches have so many pieces. */
export interface BatchChange {
  /** Steps done before it. */
  readonly from: number;
  readonly batch: number;
}

/** The changes with one more; what was to change from there on no longer does. Throws `ConfigError` for a batch of no pieces. */
export function withChange(changes: readonly BatchChange[], change: BatchChange): readonly BatchChange[] {
  if (!(Number.isSafeInteger(change.batch) && change.batch >= 1))
    throw new ConfigError(`a batch has a whole number of pieces, 1 or more, got ${change.batch}`, { ...change });
  const before = changes.filter(({ from }) => from < change.from);
  return before.at(-1)?.batch === change.batch ? before : [...before, change];
}

/** How many pieces a batch has at a step. */
export function batchAt(changes: readonly BatchChange[], step: number): number {
  return changes.findLast(({ from }) => from <= step)!.batch;
}

/**
 * Batches whose size changes on the way: as much a function of the step as those of one size, given the changes, so a run that goes on from a checkpoint before a
 * change is the same run.
 */
export function changingBatches<B extends object>(
  make: (batch: number) => Batches<B>,
  changes: () => readonly BatchChange[],
): Batches<B> {
  const made = new Map<number, Batches<B>>();
  return (step) => {
    const size = batchAt(changes(), step);
    const batches = made.get(size) ?? make(size);
    made.set(size, batches);
    return batches(step);
  };
}
