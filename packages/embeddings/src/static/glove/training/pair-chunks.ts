import type { Chunk } from "../../training/chunks.ts";
import type { ShuffledPairs } from "../shuffling/shuffled-pairs.ts";
import { newPairs, pairBytes } from "./pairs.ts";

/** How many pairs a thread gets at once: what takes it some tens of milliseconds, and not more than there are for each of two threads. */
export const pairsPerChunk = (width: number, pairs: number): number =>
  Math.max(1, Math.min(Math.ceil(2 ** 24 / (width + 16)), Math.ceil(pairs / 2)));

/**
 * The pairs of an epoch, from a byte on.
 *
 * @yields a thread's next work
 */
export async function* pairChunks(pairs: ShuffledPairs, from: number, atOnce: number): AsyncGenerator<Chunk> {
  for (let first = from / pairBytes; first < pairs.size; first += atOnce) {
    const { integers } = newPairs(Math.min(atOnce, pairs.size - first));
    await pairs.read(first, integers);
    const at = first * pairBytes;
    yield { bytes: new Uint8Array(integers.buffer), from: at, to: at + integers.byteLength };
  }
}
