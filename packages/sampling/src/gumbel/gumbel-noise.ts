import {
  add,
  type Backend,
  log,
  log1p,
  minimum,
  neg,
  type RandomKey,
  scoped,
  type Shape,
  type Tensor,
  uniform,
} from "@tenon/tensor";

const cell = 2 ** -24;

/**
 * Draws from the standard Gumbel distribution, g = −log(−log u), as f32 of the given shape: a pure function of key and counter, in which
 * element i comes from number i of tensor's `uniform`. The maximum of zᵢ + gᵢ along an axis stands at i with probability softmax(z)ᵢ.
 *
 * 1 − u is the middle of the cell of 24 bits that was drawn, from 2⁻²⁵ up, so that no draw is infinite: all lie between −2.82 and 17.33, and
 * an event of a probability below 2⁻²⁴ never happens. It is 1 − u and not u that is drawn, because f32 tells small numbers apart and those
 * near 1 not, and large g, the ones that decide, come from u near 1. The uniform bits are the same on every backend, and g the same to
 * the accuracy of the backend's logarithm.
 *
 * Throws `ShapeError` for a shape that is none, and `ConfigError` for a key or a counter that is none. Gradient: none.
 *
 * Gumbel 1954, "Statistical theory of extreme values and some practical applications".
 *
 * @example
 * ```ts
 * const noise = await gumbelNoise([3], random(7).key, 0, cpu()).read();
 * console.log(Array.from(noise, (g) => g.toFixed(2)).join(" ")); // -0.87 -0.28 -0.16
 * ```
 */
export function gumbelNoise(shape: Shape, key: RandomKey, counter: number, on: Backend): Tensor {
  return scoped(() => {
    // In the upper half of [0, 1) f32 has no middles of cells, and the last one would become 1.
    const w = minimum(add(uniform(shape, key, counter, on), cell / 2), 1 - cell);
    return neg(log(neg(log1p(neg(w)))));
  });
}
