import { clamp, add, reshape, scoped, ShapeError, sub, tensor, type Tensor } from "@tenon/tensor";

import type { Extent } from "./extent.ts";

/** A part of the scores: queries firstQuery, …, firstQuery + queries − 1 of a pass, and keys firstKey, …, firstKey + keys − 1 of the text so far. */
export interface Region {
  readonly firstQuery: number;
  readonly queries: number;
  readonly firstKey: number;
  readonly keys: number;
}

/** Tells regions apart, for `Extent.once`. */
export const regionName = ({ firstQuery, queries, firstKey, keys }: Region): string =>
  `${firstQuery}+${queries}, ${firstKey}+${keys}`;

/**
 * How far each key of a region lies behind (−) or ahead (+) of each query, key position − query position: one matrix [queries · keys],
 * row-major, for each row of the extent's positions. What relative schemes are made of; {@link distanceTensor} has them on the backend.
 *
 * Throws `ShapeError` for a region that reaches beyond the extent's tokens.
 *
 * @example
 * ```ts
 * const extent = new Extent({ offset: 1, length: 2, backend: cpu() }); // queries at 1 and 2
 * console.log(distances(extent, { firstQuery: 0, queries: 2, firstKey: 0, keys: 3 })); // [ [ -1, 0, 1, -2, -1, 0 ] ]
 * ```
 */
export function distances(extent: Extent, region: Region): number[][] {
  return sides(extent, region).map(({ queries, keys }) => queries.flatMap((query) => keys.map((key) => key - query)));
}

/**
 * The {@link distances} as a tensor i32, computed where the extent lives: [queries, keys], or [b, queries, keys] where the sequences have
 * positions of their own. Only the positions themselves, as many as there are queries and keys, are made on the host.
 *
 * Throws `ShapeError` for a region that reaches beyond the extent's tokens.
 *
 * @example
 * ```ts
 * const extent = new Extent({ offset: 1, length: 2, backend: cpu() });
 * const near = distanceTensor(extent, { firstQuery: 0, queries: 2, firstKey: 0, keys: 3 });
 * console.log(near.shape, await near.read()); // [ 2, 3 ] Int32Array(6) [ -1, 0, 1, -2, -1, 0 ]
 * ```
 */
export function distanceTensor(extent: Extent, region: Region): Tensor {
  const rows = sides(extent, region);
  const { backend } = extent;
  const batch = rows.length === 1 ? [] : [rows.length];
  return scoped(() => {
    const queries = rows.flatMap((row) => row.queries);
    const keys = rows.flatMap((row) => row.keys);
    return sub(
      reshape(tensor(keys, [keys.length], backend, "i32"), [...batch, 1, region.keys]),
      reshape(tensor(queries, [queries.length], backend, "i32"), [...batch, region.queries, 1]),
    );
  });
}

/**
 * The number of each distance when those beyond `clip` count as clip: clamp(distance, −clip, clip) + clip, from 0 to 2 · clip, as a tensor i32
 * like that of {@link distanceTensor}.
 */
export function clippedDistances(extent: Extent, region: Region, clip: number): Tensor {
  return scoped(() => add(clamp(distanceTensor(extent, region), -clip, clip), clip));
}

/** The positions of a region's queries and keys, for each row of the extent's positions. */
function sides({ offset, length, positions }: Extent, region: Region): { queries: number[]; keys: number[] }[] {
  const { firstQuery, queries, firstKey, keys } = region;
  const [queryEnd, keyEnd] = [firstQuery + queries, firstKey + keys];
  if (firstQuery < 0 || firstKey < 0 || queryEnd > length || keyEnd > offset + length) {
    throw new ShapeError(
      `queries ${firstQuery} to ${queryEnd - 1} and keys ${firstKey} to ${keyEnd - 1} reach beyond the extent, whose pass has ${length} tokens and whose text has ${offset + length} so far; make the extent for this pass`,
      { ...region, offset, length },
    );
  }
  const between = (row: readonly number[] | undefined, first: number, count: number): number[] =>
    row?.slice(first, first + count) ?? Array.from({ length: count }, (_, i) => first + i);
  return (positions ?? [undefined]).map((row) => ({
    queries: between(row, offset + firstQuery, queries),
    keys: between(row, firstKey, keys),
  }));
}
