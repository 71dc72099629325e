import { expectSize, normal, Parameter, Part, recompute, type Initialiser } from "@tenon/nn";
import { cast, ConfigError, gather, permute, scoped, tensor, type Random, type Tensor } from "@tenon/tensor";

import type { AttentionPosition, Placement } from "./attention-position.ts";
import { expectHeads, expectRows } from "./expect-shape.ts";
import type { Extent } from "./extent.ts";
import { clippedDistances, regionName, type Region } from "./region.ts";
import { t5Bucket } from "./t5-bucket.ts";

/** What a {@link T5Bias} is made from. */
export interface T5BiasOptions {
  /** How many heads the attention has, h. */
  readonly heads: number;
  /** How many buckets the distances fall in. Default 32. */
  readonly buckets?: number | undefined;
  /** Distances from here on are in one bucket. Default 128. */
  readonly maxDistance?: number | undefined;
  /** Are keys ahead of the query told from those behind, as in an encoder? A decoder says false, and has all buckets for what is behind. Default true. */
  readonly bidirectional?: boolean | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
  /** How the table begins. Default normal with deviation 0.02. */
  readonly initial?: Initialiser | undefined;
}

/**
 * T5's relative bias: a trained number for each head and bucket of distances, bias[h, i, j] = table[bucket(p_j − p_i), h], with the table
 * [buckets, h]. Near distances have a bucket each, far ones share them in steps of equal ratio. T5 injects one instance into all layers,
 * which then share the table, and the bias is built once for each forward pass.
 *
 * Throws `ConfigError` unless heads, buckets and maxDistance are whole numbers from 1 up, with at least 2 buckets for each direction, an even
 * number of them where there are two, and maxDistance beyond the distances with a bucket of their own; the bias throws `ShapeError` for
 * another number of heads, for another number of sequences than the extent has rows of positions, and for a region beyond the extent.
 *
 * Raffel et al. 2020, "Exploring the limits of transfer learning with a unified text-to-text transformer", section 2.1.
 *
 * @example
 * ```ts
 * const backend = cpu();
 * const position = await new T5Bias({ heads: 4, random: random(1) }).to(backend);
 * const { bias } = position.at(new Extent({ offset: 0, length: 3, backend }));
 * const queries = zeros([1, 4, 3, 8], backend);
 * console.log(bias(queries, { firstQuery: 0, queries: 3, firstKey: 0, keys: 3 }, 1).shape); // [ 4, 3, 3 ]
 * ```
 */
export class T5Bias extends Part implements AttentionPosition {
  readonly table: Parameter;
  readonly heads: number;
  readonly buckets: number;
  readonly maxDistance: number;
  readonly bidirectional: boolean;

  constructor({
    heads,
    buckets = 32,
    maxDistance = 128,
    bidirectional = true,
    random,
    initial = (random) => normal(random, 0.02),
  }: T5BiasOptions) {
    super();
    expectSize("T5Bias", "heads", heads);
    expectSize("T5Bias", "buckets", buckets);
    expectSize("T5Bias", "maxDistance", maxDistance);
    expectBuckets(buckets, maxDistance, bidirectional);
    this.table = new Parameter([buckets, heads], initial(random.fork("table")));
    this.heads = heads;
    this.buckets = buckets;
    this.maxDistance = maxDistance;
    this.bidirectional = bidirectional;
  }

  at(extent: Extent): Placement & { readonly bias: NonNullable<Placement["bias"]> } {
    return {
      recompute,
      bias: (queries, region) => {
        expectHeads("T5Bias", this.heads, queries);
        expectRows("T5Bias", extent, queries);
        const bias = extent.once(this, () => this.#bias(extent, region), regionName(region));
        return cast(bias, queries.dtype);
      },
    };
  }

  /** [h, queries, keys], or [b, h, queries, keys] where the sequences have positions of their own. */
  #bias(extent: Extent, region: Region): Tensor {
    const { maxDistance } = this;
    const bucketOf = Array.from({ length: 2 * maxDistance + 1 }, (_, i) => t5Bucket(i - maxDistance, this));
    return scoped(() => {
      const buckets = tensor(bucketOf, [bucketOf.length], extent.backend, "i32");
      const byDistance = gather(this.table.value, buckets); // [2 · maxDistance + 1, h]
      const bias = gather(byDistance, clippedDistances(extent, region, maxDistance)); // [queries, keys, h]
      return permute(bias, bias.rank === 3 ? [2, 0, 1] : [0, 3, 1, 2]);
    });
  }
}

function expectBuckets(buckets: number, maxDistance: number, bidirectional: boolean): void {
  const count = bidirectional ? buckets / 2 : buckets;
  const directions = bidirectional ? "an even number from 4 up, half of them for each direction" : "at least 2";
  if (!Number.isInteger(count) || count < 2) {
    throw new ConfigError(`T5Bias: buckets must be ${directions}, got ${buckets}`, { buckets, bidirectional });
  }
  const exact = Math.floor(count / 2);
  if (maxDistance <= exact) {
    throw new ConfigError(
      `T5Bias: maxDistance must be above ${exact}, since ${buckets} buckets give each distance below that one of its own, got ${maxDistance}`,
      { buckets, maxDistance },
    );
  }
}
