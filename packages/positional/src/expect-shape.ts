import { ShapeError, type Tensor } from "@tenon/tensor";

import type { Extent } from "./extent.ts";

/** Throws `ShapeError` unless x [b, …] has a sequence for each row of the extent's positions, where it has several. */
export function expectRows(part: string, { positions }: Extent, x: Tensor): void {
  const rows = positions?.length ?? 1;
  if (rows === 1 || x.shape[0] === rows) return;
  throw new ShapeError(
    `${part}: the extent has positions for ${rows} sequences, got [${x.shape.join(", ")}]; give a row of positions for each sequence, or one for all`,
    { rows, x: x.shape },
  );
}

/** Throws `ShapeError` unless queries or a pattern x [b, h, …] has this many heads. */
export function expectHeads(part: string, heads: number, x: Tensor): void {
  if (x.rank === 4 && x.shape[1] === heads) return;
  throw new ShapeError(
    `${part}: made for ${heads} heads, got [${x.shape.join(", ")}]; make it with the attention's number of heads`,
    { heads, x: x.shape },
  );
}
