import { ConfigError, ShapeError, tensor } from "@tenon/tensor";

import type { Mask } from "./mask.ts";
import { perExtent } from "./per-extent.ts";

/**
 * Documents that are packed into one sequence: each position sees those of its own document. `ids` tells for each token of the text which
 * document it belongs to, any number, in a row for each sequence or in one for all; tokens of one document stand together. Join it with `causal()` for a
 * decoder. Under a cache, the ids are those of all tokens so far, or more.
 *
 * Positions that begin again with each document are `positionsInDocuments` of `@tenon/positional`, of the same ids.
 *
 * Throws `ShapeError` for rows of different lengths, or none, and where the text is longer; `ConfigError` where a document stands in two places.
 *
 * Krell et al. 2021, "Efficient sequence packing without cross-contamination".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const mask = all(causal(), documents([[0, 0, 0, 1, 1]]));
 * const y = attention.forward(zeros([1, 5, 8], on), { mask });
 * ```
 */
export function documents(ids: readonly (readonly number[])[]): Mask {
  const known = ids[0]?.length ?? 0;
  const wrong = ids.findIndex((row) => row.length !== known);
  if (ids.length === 0 || wrong >= 0) {
    throw new ShapeError(
      ids.length === 0
        ? "documents: ids has no row; give one for each sequence, or one for all"
        : `documents: row 0 has ${known} tokens, row ${wrong} ${ids[wrong]!.length}; give each row an id for each token`,
      { rows: ids.length },
    );
  }
  const places = ids.map(placesOf); // where the document of each token begins and ends
  const ends = perExtent(({ queries, queryOffset, firstKey }) =>
    Int32Array.from(
      places.flatMap((row) => row.slice(queryOffset, queryOffset + queries).flat()),
      (place) => place - firstKey,
    ),
  );
  return {
    lower: (tensors, at) => {
      const text = Math.max(at.queryOffset + at.queries, at.firstKey + at.keys);
      if (text > known) {
        throw new ShapeError(
          `documents: the text has ${text} tokens by now, but ids are known of ${known}; give one for each token, those in the cache included`,
          { tokens: text, ids: known },
        );
      }
      const made = tensor(ends(at), [ids.length, at.queries, 2], at.backend, "i32");
      return [{ kind: "interval", input: tensors.push(made) - 1 }];
    },
  };
}

function placesOf(ids: readonly number[], row: number): (readonly [first: number, end: number])[] {
  const starts = ids.flatMap((id, i) => (i > 0 && id === ids[i - 1] ? [] : [i]));
  const seen = new Set<number>();
  return starts.flatMap((first, n) => {
    const id = ids[first]!;
    if (seen.has(id)) {
      throw new ConfigError(
        `documents: document ${id} of row ${row} begins again at token ${first}; tokens of one document stand together, so give the second part another id`,
        { row, id, token: first },
      );
    }
    seen.add(id);
    const end = starts[n + 1] ?? ids.length;
    return Array.from({ length: end - first }, () => [first, end] as const);
  });
}
