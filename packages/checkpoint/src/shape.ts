import type { Shape } from "@tenon/tensor";

import { longestList } from "./json.ts";

/**
 * How many elements a shape has, or undefined when it is no shape: more than 256 axes, a size that is not a
 * whole number from 0 on, or a product beyond 2^53 - 1. A size of 0 makes the tensor empty, and does not excuse absurd sizes beside it.
 */
export function countElements(shape: Shape): number | undefined {
  if (shape.length > longestList) return undefined;
  let product = 1;
  let empty = false;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) return undefined;
    if (size === 0) empty = true;
    else product *= size;
    if (product > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return empty ? 0 : product;
}
