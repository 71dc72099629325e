import { expectPositive, expectSize, Part, recompute } from "@tenon/nn";
import { abs, cast, ConfigError, mul, reshape, scoped, tensor, type Tensor } from "@tenon/tensor";

import type { AttentionPosition, Placement } from "./attention-position.ts";
import { expectHeads, expectRows } from "./expect-shape.ts";
import type { Extent } from "./extent.ts";
import { distanceTensor, regionName, type Region } from "./region.ts";

/** What an {@link AlibiPosition} is made from. */
export interface AlibiPositionOptions {
  /** How many heads the attention has, h. */
  readonly heads: number;
  /** How fast the scores of each head fall with the distance: h numbers above 0. Default: {@link alibiSlopes}. */
  readonly slopes?: readonly number[] | undefined;
}

/**
 * Attention with linear biases: a score falls with the distance, by a fixed slope for each head, bias = −mₕ |p_key − p_query|. Without
 * parameters and without a longest length: a model goes on with texts longer than those it was trained on. In a decoder, whose mask leaves
 * keys at or before the query, this is the paper's mₕ (p_key − p_query). In an encoder it is the symmetric form, where keys ahead count like
 * those behind. Inject one instance into all layers: its bias is then built once for each forward pass.
 *
 * Throws `ConfigError` unless the number of heads is a whole number from 1 up and the slopes are one finite number above 0 for each; the
 * bias throws `ShapeError` for another number of heads, for another number of sequences than the extent has rows of positions, and for a
 * region beyond the extent.
 *
 * Press, Smith and Lewis 2021, "Train short, test long: attention with linear biases enables input length extrapolation".
 *
 * @example
 * ```ts
 * const backend = cpu();
 * const { bias } = new AlibiPosition({ heads: 8 }).at(new Extent({ offset: 0, length: 2, backend }));
 * const queries = zeros([1, 8, 2, 4], backend);
 * const added = bias(queries, { firstQuery: 0, queries: 2, firstKey: 0, keys: 2 }, 1); // [h, queries, keys]
 * console.log((await added.read()).slice(0, 4)); // Float32Array(4) [ -0, -0.5, -0.5, -0 ]
 * ```
 */
export class AlibiPosition extends Part implements AttentionPosition {
  readonly slopes: readonly number[];

  constructor({ heads, slopes = alibiSlopes(heads) }: AlibiPositionOptions) {
    super();
    expectSize("AlibiPosition", "heads", heads);
    for (const slope of slopes) expectPositive("AlibiPosition", "each slope", slope);
    if (slopes.length !== heads) {
      throw new ConfigError(`AlibiPosition: ${slopes.length} slopes for ${heads} heads; give one for each`, {
        slopes: slopes.length,
        heads,
      });
    }
    this.slopes = [...slopes];
  }

  at(extent: Extent): Placement & { readonly bias: NonNullable<Placement["bias"]> } {
    return {
      recompute,
      bias: (queries, region) => {
        expectHeads("AlibiPosition", this.slopes.length, queries);
        expectRows("AlibiPosition", extent, queries);
        const bias = extent.once(this, () => this.#bias(extent, region), regionName(region));
        return cast(bias, queries.dtype);
      },
    };
  }

  /** [h, queries, keys], or [b, h, queries, keys] where the sequences have positions of their own. */
  #bias(extent: Extent, region: Region): Tensor {
    const heads = this.slopes.length;
    return scoped(() => {
      const distance = abs(cast(distanceTensor(extent, region), "f32"));
      const batch = distance.shape.slice(0, -2);
      const falling = tensor(
        this.slopes.map((slope) => -slope),
        [heads, 1, 1],
        extent.backend,
      );
      return mul(reshape(distance, [...batch, 1, region.queries, region.keys]), falling);
    });
  }
}

/**
 * The slopes of the paper: 2^(−8 i / h) for head i = 1 … h, where h is a power of two. Otherwise those of the power n below it, followed by every second one of
 * 2n heads, as many as are missing.
 *
 * Throws `ConfigError` unless the number of heads is a whole number from 1 up.
 *
 * Press, Smith and Lewis 2021, "Train short, test long: attention with linear biases enables input length extrapolation"; other numbers than powers of two
 * as in the authors' code, and in BLOOM.
 *
 * @example
 * ```ts
 * console.log(alibiSlopes(3)); // [ 0.0625, 0.00390625, 0.25 ]
 * ```
 */
export function alibiSlopes(heads: number): number[] {
  expectSize("alibiSlopes", "heads", heads);
  const power = 2 ** Math.floor(Math.log2(heads));
  const slopes = Array.from({ length: power }, (_, i) => 2 ** ((-8 * (i + 1)) / power));
  const between = Array.from({ length: heads - power }, (_, i) => 2 ** ((-4 * (2 * i + 1)) / power));
  return [...slopes, ...between];
}
