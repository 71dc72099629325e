import { ConfigError, random as randomOf } from "@tenon/tensor";

import { SmallRandom } from "../../training/small-random.ts";
import type { Cooccurrences } from "../counting/cooccurrences.ts";
import { Pace } from "../pace.ts";
import type { Scratch, ScratchFile } from "../scratch.ts";
import { newPairs, pairBytes, pairLength, type PairViews } from "../training/pairs.ts";
import type { Weighting } from "../weighting.ts";
import { Buckets } from "./buckets.ts";
import { pairsOf } from "./pairs-of.ts";
import { shuffle } from "./shuffle.ts";
import type { Filled } from "../../filled.ts";

/** What {@link shufflePairs} needs. */
export interface ShuffleOptions {
  readonly seed: number;
  readonly weighting: Filled<Weighting>;
  /** How many bytes of pairs are held in memory. */
  readonly memory: number;
  /** Where more of them go. */
  readonly scratch: Scratch | undefined;
  readonly signal: AbortSignal | undefined;
}

/** All pairs in random order, the same in each iteration. */
export interface ShuffledPairs {
  readonly size: number;
  /** The sum of their counts. */
  readonly total: number;
  /** Copies some of them, from the n-th on. */
  read(from: number, into: Int32Array): Promise<void>;
  /** Gives back the room that they have on disk. */
  release(): Promise<void>;
}

/** Brings all pairs into random order: in memory where they fit, else by way of the disk. */
export async function shufflePairs(counts: Cooccurrences, options: ShuffleOptions): Promise<ShuffledPairs> {
  const { seed, memory, scratch, signal } = options;
  const { key } = randomOf(seed).fork("shuffle");
  const random = new SmallRandom(Int32Array.of(key[0], key[1] | 1)); // not both 0
  if (counts.atMost * pairBytes <= memory) return inMemory(counts, options, random);
  if (scratch === undefined)
    throw new ConfigError(
      `GloVe: up to ${counts.atMost} pairs take ${counts.atMost * pairBytes} bytes, more than the memory of ${memory}. ` +
        "Give more of it, or a scratch to put them in (in Node, temporaryFiles())",
      { memory },
    );
  const seen: Seen = { size: 0, total: 0 };
  const onDisk = await Buckets.create(counts.atMost, memory, scratch, random);
  try {
    for await (const pairs of trainingPairs(counts, options, seen)) await onDisk.add(pairs.integers);
    return inFile(await onDisk.gather(signal), seen);
  } finally {
    await onDisk.remove();
  }
}

/** What has come by: how many pairs, and the sum of their counts. */
type Seen = { -readonly [K in "size" | "total"]: ShuffledPairs[K] };

async function* trainingPairs(
  counts: Cooccurrences,
  { weighting, signal }: ShuffleOptions,
  seen: Seen,
): AsyncGenerator<PairViews> {
  const pace = new Pace(signal);
  for await (const block of counts.blocks()) {
    await pace.step();
    seen.size += block.counts.length;
    seen.total = block.counts.reduce((sum, count) => sum + count, seen.total);
    yield pairsOf(block, weighting);
  }
}

async function inMemory(counts: Cooccurrences, options: ShuffleOptions, random: SmallRandom): Promise<ShuffledPairs> {
  const { integers } = newPairs(counts.atMost);
  const seen: Seen = { size: 0, total: 0 };
  for await (const pairs of trainingPairs(counts, options, seen))
    integers.set(pairs.integers, seen.size * pairLength - pairs.integers.length);
  const all = integers.subarray(0, seen.size * pairLength);
  shuffle(all, random);
  return {
    ...seen,
    read: async (from, into) => into.set(all.subarray(from * pairLength, from * pairLength + into.length)),
    release: async () => {},
  };
}

const inFile = (file: ScratchFile, seen: Seen): ShuffledPairs => ({
  ...seen,
  read: (from, into) => file.read(from * pairBytes, new Uint8Array(into.buffer, into.byteOffset, into.byteLength)),
  release: () => file.remove(),
});
