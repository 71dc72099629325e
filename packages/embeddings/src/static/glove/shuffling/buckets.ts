import type { SmallRandom } from "../../training/small-random.ts";
import type { Scratch, ScratchFile } from "../scratch.ts";
import { newPairs, pairBytes, pairLength } from "../training/pairs.ts";
import { shuffle } from "./shuffle.ts";

/** Pairs of a bucket that wait to be written together: a quarter of a megabyte at most, and of all buckets a quarter of the memory. */
const waitingPairs = (buckets: number, memory: number): number =>
  Math.max(64, Math.min(16_384, Math.floor(memory / (4 * buckets * pairBytes))));

interface Bucket {
  readonly file: ScratchFile;
  readonly buffer: Int32Array<ArrayBuffer>;
  used: number;
  pairs: number;
}

const bytesOf = (numbers: Int32Array<ArrayBuffer>): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/**
 * Shuffles more than memory holds: each pair goes into one of several buckets on disk, drawn by lot, and each bucket is shuffled in memory
 * (Rao 1961, Sandelius 1962). Every order is equally likely, unlike that of the original, which mixes neighbouring chunks.
 */
export class Buckets {
  readonly #scratch: Scratch;
  readonly #random: SmallRandom;
  readonly #buckets: Bucket[] = [];

  private constructor(scratch: Scratch, random: SmallRandom) {
    this.#scratch = scratch;
    this.#random = random;
  }

  /** Buckets for so many pairs at most. */
  static async create(pairs: number, memory: number, scratch: Scratch, random: SmallRandom): Promise<Buckets> {
    const buckets = new Buckets(scratch, random);
    const count = bucketsFor(pairs, memory);
    try {
      for (let i = 0; i < count; i++) {
        const { integers: buffer } = newPairs(waitingPairs(count, memory));
        buckets.#buckets.push({ file: await scratch.create(), buffer, used: 0, pairs: 0 });
      }
    } catch (error) {
      await buckets.remove();
      throw error;
    }
    return buckets;
  }

  /** Throws pairs into the buckets. */
  async add(pairs: Int32Array): Promise<void> {
    for (let at = 0; at < pairs.length; at += pairLength) {
      const bucket = this.#buckets[this.#random.below(this.#buckets.length)]!;
      for (let i = 0; i < pairLength; i++) bucket.buffer[bucket.used++] = pairs[at + i]!;
      if (bucket.used === bucket.buffer.length) await flush(bucket);
    }
  }

  /** Shuffles bucket after bucket into one file. */
  async gather(signal: AbortSignal | undefined): Promise<ScratchFile> {
    const all = await this.#scratch.create();
    try {
      for (const bucket of this.#buckets) {
        signal?.throwIfAborted();
        await flush(bucket);
        const { integers } = newPairs(bucket.pairs);
        await bucket.file.read(0, bytesOf(integers));
        shuffle(integers, this.#random);
        await all.append(bytesOf(integers));
      }
    } catch (error) {
      await all.remove();
      throw error;
    }
    return all;
  }

  async remove(): Promise<void> {
    await Promise.all(this.#buckets.map(({ file }) => file.remove()));
  }
}

async function flush(bucket: Bucket): Promise<void> {
  await bucket.file.append(bytesOf(bucket.buffer.subarray(0, bucket.used)));
  bucket.pairs += bucket.used / pairLength;
  bucket.used = 0;
}

/** How many buckets so many pairs need, so that the fullest is all but certain to fit into the memory. */
function bucketsFor(pairs: number, memory: number): number {
  const perBucket = memory / pairBytes;
  const spread = 6 * Math.sqrt(perBucket); // six standard deviations of a binomial distribution, at most
  return Math.ceil(pairs / Math.max(1, perBucket - spread));
}
