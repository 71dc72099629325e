import {
  both,
  cast,
  cumulativeSum,
  div,
  equal,
  matmul,
  max,
  maximum,
  mean,
  reshape,
  ShapeError,
  slice,
  sum,
  where,
  type Tensor,
} from "@tenon/tensor";

/** One vector for each sequence: x [b, t, d] → [b, d], of the tokens that are `real`, bool [b, t]; all unless given. */
export type Pooling = (x: Tensor, real?: Tensor) => Tensor;

/** A pooling of {@link poolings}. */
export type PoolingName = "mean" | "first" | "max" | "last";

/**
 * The ways to make one vector of a sequence's, by name, x [b, t, d] → [b, d]; what is padding counts nowhere:
 *
 * - `mean` the mean of the real tokens
 * - `first` the vector of the first real token, as BERT's [CLS]
 * - `max` the largest value of each element
 * - `last` the vector of the last real token
 *
 * A sequence without a real token gives zeros. Throws `ShapeError` unless x is [b, t, d] and `real` [b, t].
 *
 * Reimers and Gurevych 2019, "Sentence-BERT: sentence embeddings using Siamese BERT-networks", section 3.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const x = tensor([1, 2, 9], [1, 3, 1], on);
 * const real = tensor([1, 1, 0], [1, 3], on, "bool");
 * console.log(await poolings.mean(x, real).read()); // Float32Array(1) [ 1.5 ]
 * ```
 */
export const poolings: Readonly<Record<PoolingName, Pooling>> = {
  mean(x, real) {
    sizesOf(x, real);
    if (real === undefined) return mean(x, 1);
    const counted = cast(real, x.dtype);
    return weighted(x, div(counted, maximum(sum(counted, 1, { keepDims: true }), 1)));
  },
  first(x, real) {
    const { b, d } = sizesOf(x, real);
    return real === undefined ? reshape(slice(x, 1, 0, 1), [b, d]) : weighted(x, cast(outermost(real), x.dtype));
  },
  max(x, real) {
    const { b, t } = sizesOf(x, real);
    if (real === undefined) return max(x, 1);
    const some = cast(max(cast(real, "i32"), 1, { keepDims: true }), "bool");
    return where(some, max(where(reshape(real, [b, t, 1]), x, -Infinity), 1), 0);
  },
  last(x, real) {
    const { b, t, d } = sizesOf(x, real);
    return real === undefined
      ? reshape(slice(x, 1, t - 1, 1), [b, d])
      : weighted(x, cast(outermost(real, { reverse: true }), x.dtype));
  },
};

/** Is this the first real token of its row, or reversed, the last? bool [b, t] */
function outermost(real: Tensor, options?: { readonly reverse: boolean }): Tensor {
  return both(real, equal(cumulativeSum(cast(real, "i32"), 1, options), 1));
}

/** Σₜ weights[b, t] x[b, t, d] */
function weighted(x: Tensor, weights: Tensor): Tensor {
  const { b, t, d } = sizesOf(x);
  return reshape(matmul(reshape(weights, [b, 1, t]), x), [b, d]);
}

function sizesOf(x: Tensor, real?: Tensor): { readonly b: number; readonly t: number; readonly d: number } {
  const [b, t, d] = x.shape;
  if (x.rank !== 3 || b === undefined || t === undefined || d === undefined) {
    throw new ShapeError(`pooling: x must be [b, t, d], got [${x.shape.join(", ")}]`, { x: x.shape });
  }
  if (real !== undefined && (real.rank !== 2 || real.shape[0] !== b || real.shape[1] !== t)) {
    throw new ShapeError(
      `pooling: real must tell of each token of x [${x.shape.join(", ")}], as [${b}, ${t}], got [${real.shape.join(", ")}]`,
      { x: x.shape, real: real.shape },
    );
  }
  return { b, t, d };
}
