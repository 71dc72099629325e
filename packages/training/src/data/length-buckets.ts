import type { Random } from "@tenon/tensor";

/** Consecutive places, longest examples first, that are cut into batches of so many rows. */
export interface LengthBucket {
  readonly first: number;
  readonly end: number;
  readonly rows: number;
}

/** No example of a bucket is shorter than this share of its longest, unless a batch could not be filled. */
const likeness = 7 / 8;

/**
 * Cuts places into buckets of like lengths. `lengths` has the longest first. Every bucket holds whole batches, the last one aside, so that at most
 * one batch of all is not full.
 */
export function lengthBuckets(lengths: Int32Array, rowsFor: (longest: number) => number): LengthBucket[] {
  const buckets: LengthBucket[] = [];
  for (let first = 0; first < lengths.length; first = buckets.at(-1)!.end) {
    const longest = lengths[first]!;
    const rows = rowsFor(longest);
    let alike = first + 1;
    while (alike < lengths.length && lengths[alike]! >= Math.floor(likeness * longest)) alike++;
    const whole = Math.max(1, Math.floor((alike - first) / rows)) * rows;
    const end = alike === lengths.length ? alike : Math.min(first + whole, lengths.length);
    buckets.push({ first, end, rows });
  }
  return buckets;
}

/**
 * The batches of one epoch, each the numbers of its examples: those of like length meet in a new way each time, and the batches come in a new order.
 * How many there are, and of how many rows, depends on the lengths alone.
 */
export function epochOf(lengths: Int32Array, buckets: readonly LengthBucket[], stream: Random): Int32Array[] {
  const order = stream
    .shuffle(Array.from(lengths.keys()))
    // Stable, so examples of the same length stay shuffled and those at a bucket's edge change.
    .sort((a, b) => lengths[b]! - lengths[a]!);
  const batches = buckets.flatMap(({ first, end, rows }) => cut(stream.shuffle(order.slice(first, end)), rows));
  return stream.shuffle(batches);
}

function cut(examples: readonly number[], rows: number): Int32Array[] {
  return Array.from({ length: Math.ceil(examples.length / rows) }, (_, i) =>
    Int32Array.from(examples.slice(i * rows, (i + 1) * rows)),
  );
}
