import { Extent } from "@tenon/positional";
import { ShapeError, type Tensor } from "@tenon/tensor";

import type { AttentionOptions } from "../attention.ts";

/** Throws `ShapeError`, in the name of a part, unless x is [b, t, width]. */
export function expectSequence(part: string, name: string, x: Tensor, width: number, length = "t"): void {
  if (x.rank === 3 && x.shape[2] === width) return;
  throw new ShapeError(`${part}: ${name} must be [b, ${length}, ${width}], got [${x.shape.join(", ")}]`, {
    width,
    [name]: x.shape,
  });
}

/** What a pass over x [b, t, width] is about: the extent that came with it, or one that goes on where the cache ends. Throws `ShapeError` where they do not fit. */
export function expectPass(part: string, x: Tensor, width: number, { cache, extent }: AttentionOptions): Extent {
  expectSequence(part, "x", x, width);
  const length = x.shape[1]!;
  const before = cache?.length ?? 0;
  if (extent === undefined) return new Extent({ offset: before, length, backend: x.backend });
  if (extent.length !== length) {
    throw new ShapeError(
      `${part}: x [${x.shape.join(", ")}] has ${length} positions, the extent ${extent.length}; make an extent for each forward pass`,
      { x: x.shape, length: extent.length },
    );
  }
  if (cache !== undefined && extent.offset !== before) {
    throw new ShapeError(
      `${part}: the cache holds ${before} positions, but the extent begins at ${extent.offset}; make an extent for each forward pass, with the cache's length for its offset`,
      { length: before, offset: extent.offset },
    );
  }
  return extent;
}
