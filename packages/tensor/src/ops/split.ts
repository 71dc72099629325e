import { ShapeError } from "../errors.ts";
import { axisOf, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { slice } from "./slice.ts";

const isCount = (n: number): boolean => Number.isInteger(n) && n >= 0;

function sizesOf(x: Tensor, parts: number | readonly number[], axis: number): readonly number[] {
  const n = x.shape[axis]!;
  const about = { parts, axis, shape: x.shape };
  if (typeof parts === "number") {
    if (!isCount(parts) || parts === 0)
      throw new ShapeError(`split: the number of parts must be a whole number from 1 up, got ${parts}`, about);
    if (n % parts !== 0)
      throw new ShapeError(
        `split: the ${n} entries of axis ${axis} of ${show(x.shape)} make no ${parts} equal parts; give a list of sizes`,
        about,
      );
    return new Array<number>(parts).fill(n / parts);
  }
  if (!parts.every(isCount))
    throw new ShapeError(`split: sizes must be whole numbers from 0 up, got ${show(parts)}`, about);
  const total = parts.reduce((sum, size) => sum + size, 0);
  if (total !== n)
    throw new ShapeError(
      `split: sizes ${show(parts)} add up to ${total}, but axis ${axis} of ${show(x.shape)} has ${n} entries`,
      about,
    );
  return parts;
}

/**
 * Cuts an axis into parts: a number of equal ones, or one of each of the sizes listed. [b, t, 3 d], 3, −1 → three of [b, t, d]. Any
 * dtype. Throws `ShapeError` for an axis that x does not have and for parts that do not make up the axis.
 *
 * Gradient: the upstream gradient of each part goes to its place.
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 4, 5, 6], [1, 6], cpu());
 * const [query, key, value] = split(x, 3, -1);
 * console.log(await value!.read()); // Float32Array(2) [ 5, 6 ]
 * const [head, rest] = split(x, [1, 5], -1);
 * console.log(head!.shape, rest!.shape); // [ 1, 1 ] [ 1, 5 ]
 * ```
 */
export function split(x: Tensor, parts: number | readonly number[], axis: number): Tensor[] {
  const at = axisOf(axis, x.rank, "split");
  let end = 0;
  return sizesOf(x, parts, at).map((size) => {
    const start = end;
    end += size;
    return slice(x, at, start, size);
  });
}
