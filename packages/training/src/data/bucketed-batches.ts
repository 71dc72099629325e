import { expectSize } from "@tenon/nn";
import { ConfigError, type Random } from "@tenon/tensor";

import { epochBatches, type EpochBatches } from "./epoch-batches.ts";
import { epochOf, lengthBuckets } from "./length-buckets.ts";

/** How large batches of examples are, and what their order comes from. */
export interface BucketOptions {
  /**
   * The most positions in a batch with padding, rows times the longest, counted on the side where there are more if an example has two; as
   * fairseq's `max-tokens`. Default: no limit but `rows`.
   */
  readonly tokens?: number | undefined;
  /** The most rows in a batch, one for each example. Default: no limit but `tokens`. */
  readonly rows?: number | undefined;
  /** What the epochs are shuffled by. */
  readonly random: Random;
}

/** What {@link bucketedBatches} draws from, and how large a batch is. */
export interface BucketedBatchesOptions<B extends object> extends BucketOptions {
  /** How many positions each example takes: of several sequences, the longest. */
  readonly lengths: ArrayLike<number>;
  /** Makes a batch of the examples with these numbers; whatever it draws, it draws from the stream. */
  readonly make: (examples: Int32Array, stream: Random) => B;
}

/**
 * Batches of examples of like lengths, so that little of a batch is padding. The examples, longest first, are cut into buckets in which
 * none is shorter than 7/8 of the longest (rounded down), as far as a batch can be filled so; in each epoch anew, examples are shuffled
 * within their buckets, cut into batches, and all batches shuffled. Every example comes exactly once in an epoch. A batch has ⌊tokens /
 * longest⌋ rows, of the longest in its bucket, and at most `rows`; one batch of an epoch may have fewer. A pure function of the step: the
 * epoch is ⌊step / perEpoch⌋. The order of one epoch is remembered, that of the step asked for last.
 *
 * Throws `ConfigError` when there is no example, when neither `tokens` nor `rows` is given, for a length that is no whole number from 1 up,
 * and for an example longer than `tokens`.
 *
 * Vaswani et al. 2017, "Attention is all you need", section 5.1, batches so: "sentence pairs were batched together by approximate sequence length".
 *
 * @example
 * ```ts
 * const texts = [[4], [5, 6], [7], [8, 9]];
 * const batches = bucketedBatches({
 *   lengths: texts.map(({ length }) => length),
 *   tokens: 4,
 *   random: random(1),
 *   make: (examples) => ({ texts: [...examples].map((i) => texts[i]!.join(" ")) }),
 * });
 * console.log(batches.perEpoch, batches(0).texts, batches(1).texts); // 2 [ '5 6', '7' ] [ '4', '8 9' ]
 * ```
 */
export function bucketedBatches<B extends object>(options: BucketedBatchesOptions<B>): EpochBatches<B> {
  return bucketed({ caller: "bucketedBatches", thing: "example" }, options);
}

/** What an error calls things. */
interface Names {
  readonly caller: string;
  readonly thing: string;
  /** The number that an example goes by. Default: its place. */
  readonly numberOf?: (example: number) => number;
}

/** The same, where the examples are something in particular. */
export function bucketed<B extends object>(names: Names, options: BucketedBatchesOptions<B>): EpochBatches<B> {
  const { random, make } = options;
  const lengths = expectLengths(names, options);
  const buckets = lengthBuckets(
    lengths.toSorted((a, b) => b - a),
    rowsFor(options),
  );
  const perEpoch = buckets.reduce((sum, { first, end, rows }) => sum + Math.ceil((end - first) / rows), 0);
  return epochBatches({ perEpoch, random, plan: (stream) => epochOf(lengths, buckets, stream), make });
}

type Sizes = Omit<BucketedBatchesOptions<object>, "make" | "random">;

/** How many rows a bucket's batches have. */
function rowsFor({ tokens = Infinity, rows = Infinity }: Sizes): (longest: number) => number {
  return (longest) => Math.min(rows, Math.floor(tokens / longest));
}

function expectLengths({ caller, thing, numberOf = (i) => i }: Names, { lengths, tokens, rows }: Sizes): Int32Array {
  if (tokens === undefined && rows === undefined) {
    throw new ConfigError(
      `${caller}: nothing says how large a batch is; give tokens, the most positions with padding, or rows, or both`,
    );
  }
  if (tokens !== undefined) expectSize(caller, "tokens", tokens);
  if (rows !== undefined) expectSize(caller, "rows", rows);
  if (lengths.length === 0) throw new ConfigError(`${caller}: there is no ${thing}`);
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i]!;
    expectSize(caller, `the length of ${thing} ${numberOf(i)}`, length);
    if (length <= (tokens ?? Infinity)) continue;
    throw new ConfigError(
      `${caller}: ${thing} ${numberOf(i)} takes ${length} positions, and a batch may have ${tokens}. Raise tokens, or shorten it or leave it out.`,
      { example: i, length, tokens: tokens! },
    );
  }
  return Int32Array.from(lengths);
}
