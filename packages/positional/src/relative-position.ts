import { expectSize, normal, Parameter, Part, recompute, type Initialiser } from "@tenon/nn";
import {
  expand,
  linear,
  matmul,
  mul,
  reshape,
  scatterAlong,
  scoped,
  ShapeError,
  sizeOf,
  takeAlong,
  type Random,
  type Tensor,
} from "@tenon/tensor";

import type { AttentionPosition, Placement } from "./attention-position.ts";
import { expectRows } from "./expect-shape.ts";
import type { Extent } from "./extent.ts";
import { clippedDistances, regionName, type Region } from "./region.ts";

/** What a {@link RelativePosition} is made from. */
export interface RelativePositionOptions {
  /** Width k of one head. */
  readonly width: number;
  /** Distances beyond this count as this, c. The paper takes 16 and 8. */
  readonly clip: number;
  /** Is something added to the values, too? Costs the attention its fused kernel. Default true. */
  readonly values?: boolean | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
  /** How the tables begin. Default normal with deviation 0.02. */
  readonly initial?: Initialiser | undefined;
}

/**
 * Relative position representations: a trained vector for each clipped distance, added to the keys and another to the values. With
 * d = clamp(p_j − p_i, −c, c), tables aᴷ and aⱽ [2c + 1, k], shared by all heads, and the pattern α:
 *
 * score[i, j] = qᵢ · (kⱼ + aᴷ[d]) · scale, and y[i] = Σⱼ α[i, j] (vⱼ + aⱽ[d]).
 *
 * No tensor of [t, s, k] is made. The products of a query with all 2c + 1 rows of aᴷ are made once and then looked up by distance; the pattern is summed by
 * distance and then multiplied by aⱽ.
 *
 * Throws `ConfigError` unless width and clip are whole numbers from 1 up; bias and values throw `ShapeError` for heads of another width, for
 * another number of sequences than the extent has rows of positions, and for a region beyond the extent.
 *
 * Shaw, Uszkoreit and Vaswani 2018, "Self-attention with relative position representations".
 *
 * @example
 * ```ts
 * const backend = cpu();
 * const position = await new RelativePosition({ width: 8, clip: 16, random: random(1) }).to(backend);
 * const { bias } = position.at(new Extent({ offset: 0, length: 3, backend }));
 * const queries = zeros([1, 4, 3, 8], backend);
 * console.log(bias(queries, { firstQuery: 0, queries: 3, firstKey: 0, keys: 3 }, 1).shape); // [ 1, 4, 3, 3 ]
 * ```
 */
export class RelativePosition extends Part implements AttentionPosition {
  readonly keys: Parameter;
  readonly values: Parameter | undefined;
  readonly width: number;
  readonly clip: number;

  constructor({
    width,
    clip,
    values = true,
    random,
    initial = (random) => normal(random, 0.02),
  }: RelativePositionOptions) {
    super();
    expectSize("RelativePosition", "width", width);
    expectSize("RelativePosition", "clip", clip);
    const table = (name: string): Parameter => new Parameter([2 * clip + 1, width], initial(random.fork(name)));
    this.keys = table("keys");
    this.values = values ? table("values") : undefined;
    this.width = width;
    this.clip = clip;
  }

  at(extent: Extent): Placement & { readonly bias: NonNullable<Placement["bias"]> } {
    const { values } = this;
    return {
      recompute,
      bias: (queries, region, scale) => {
        this.#expectWidth(queries);
        return scoped(() => {
          const products = linear(mul(queries, scale), this.keys.value); // [b, h, queries, 2c + 1]
          return takeAlong(products, this.#places(extent, region, queries));
        });
      },
      values:
        values &&
        ((pattern, region) =>
          scoped(() => {
            const size = 2 * this.clip + 1;
            const weights = scatterAlong(this.#places(extent, region, pattern), pattern, size); // [b, h, queries, 2c + 1]
            const rows = reshape(weights, [sizeOf(weights.shape) / size, size]);
            return reshape(matmul(rows, values.value), [...weights.shape.slice(0, -1), this.width]);
          })),
    };
  }

  /** Which row of the tables belongs to each query and key of x [b, h, …]: i32 [b, h, queries, keys]. The same for all layers, which may have tables of their own. */
  #places(extent: Extent, region: Region, x: Tensor): Tensor {
    expectRows("RelativePosition", extent, x);
    const [b, h] = x.shape;
    return extent.once(
      RelativePosition,
      () =>
        scoped(() => {
          const places = clippedDistances(extent, region, this.clip);
          const [queries, keys] = [region.queries, region.keys];
          const rows = places.rank === 3 ? b! : 1;
          return expand(reshape(places, [rows, 1, queries, keys]), [b!, h!, queries, keys]);
        }),
      `${this.clip}, ${b}·${h}, ${regionName(region)}`,
    );
  }

  #expectWidth(queries: Tensor): void {
    if (queries.rank === 4 && queries.shape[3] === this.width) return;
    throw new ShapeError(
      `RelativePosition: made for heads of width ${this.width}, got [${queries.shape.join(", ")}]. The width is that of a head's queries: the model's width divided by the number of heads, or in a LatentAttention headWidth + positionWidth.`,
      { width: this.width, queries: queries.shape },
    );
  }
}
