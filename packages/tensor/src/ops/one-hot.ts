import type { DType } from "../dtype.ts";
import { scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { cast } from "./cast.ts";
import { equal } from "./compare.ts";
import { expectDType } from "./operand.ts";
import { reshape } from "./reshape.ts";
import { iota } from "./source.ts";

/**
 * A row for each id, 1 at the id and 0 elsewhere: ids i32 […] → […, classes]. The row of an id below 0 or from `classes` up is all 0.
 * Throws `DTypeError` for ids of another dtype and `ShapeError` for a number of classes that is no size.
 *
 * Gradient: none; ids have no derivative.
 *
 * @example
 * ```ts
 * const targets = ids([2, 0], [2], cpu(), { limit: 3 });
 * console.log(await oneHot(targets, 3).read()); // Float32Array(6) [ 0, 0, 1, 1, 0, 0 ]
 * console.log(await oneHot(targets, 3, "bool").read()); // Uint8Array(6) [ 0, 0, 1, 1, 0, 0 ]
 * ```
 */
export function oneHot(ids: Tensor, classes: number, dtype: DType = "f32"): Tensor {
  expectDType("oneHot", ids.type, "i32", "ids");
  return scoped(() => cast(equal(reshape(ids, [...ids.shape, 1]), iota(classes, 0, ids.backend)), dtype));
}
