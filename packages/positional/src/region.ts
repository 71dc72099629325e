import type { Extent } from "./extent.ts";

/** A part of the scores: queries firstQuery, …, firstQuery + queries − 1 of a pass, and keys firstKey, …, firstKey + keys − 1 of the text so far. */
export interface Region {
  readonly firstQuery: number;
  readonly queries: number;
  readonly firstKey: number;
  readonly keys: number;
}

/**
 * How far each key of a region lies behind (−) or ahead (+) of each query, key position − query position: one matrix [queries · keys],
 * row-major, for each row of the extent's positions. What relative schemes are made of.
 *
 * @example
 * ```ts
 * const extent = new Extent({ offset: 1, length: 2, backend: cpu() }); // queries at 1 and 2
 * console.log(distances(extent, { firstQuery: 0, queries: 2, firstKey: 0, keys: 3 })); // [ [ -1, 0, 1, -2, -1, 0 ] ]
 * ```
 */
export function distances({ offset, positions }: Extent, region: Region): number[][] {
  const { firstQuery, queries, firstKey, keys } = region;
  return (positions ?? [undefined]).map((row) => {
    const at = (token: number): number => row?.[token] ?? token;
    return Array.from(
      { length: queries * keys },
      (_, i) => at(firstKey + (i % keys)) - at(offset + firstQuery + Math.floor(i / keys)),
    );
  });
}
