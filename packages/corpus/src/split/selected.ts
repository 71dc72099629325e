import { ConfigError } from "@tenon/tensor";

import type { Documents, Pairs } from "../read/documents.ts";
import { expectInside } from "../read/expect-inside.ts";

/**
 * Some of the documents, as documents: the part of a split, say. The indices are not copied: leave them unchanged.
 *
 * Throws `ConfigError` for an index that is none.
 *
 * @example
 * ```ts
 * const corpus = corpusInMemory({ sources: textFiles([new Blob(["a\nbc\nd"])], "lines"), tokenizer: byteTokenizer() });
 * const two = selectedDocuments(await corpus.documents(), [2, 1]);
 * console.log(two.length, await two.lengths()); // 2 Int32Array(2) [ 1, 2 ]
 * ```
 */
export function selectedDocuments(documents: Documents, indices: ArrayLike<number>): Documents {
  const inside = chosen(documents.length, indices);
  return {
    length: indices.length,
    lengths: async () => at(await documents.lengths(), indices),
    read: async (places) => await documents.read(inside(places)),
  };
}

/**
 * Some of the pairs, as pairs. The indices are not copied: leave them unchanged.
 *
 * Throws `ConfigError` for an index that is none.
 *
 * @example
 * ```ts
 * const sources = parallelText([[new Blob(["ja\nnein\n"]), new Blob(["yes\nno\n"])]]);
 * const pairs = await corpusInMemory({ sources, tokenizer: byteTokenizer() }).pairs();
 * console.log((await selectedPairs(pairs, [1]).lengths()).first); // Int32Array(1) [ 4 ]
 * ```
 */
export function selectedPairs(pairs: Pairs, indices: ArrayLike<number>): Pairs {
  const inside = chosen(pairs.length, indices);
  return {
    length: indices.length,
    lengths: async () => {
      const { first, second } = await pairs.lengths();
      return { first: at(first, indices), second: at(second, indices) };
    },
    read: async (places) => await pairs.read(inside(places)),
  };
}

/** Gives the indices of places in the selection. */
function chosen(length: number, indices: ArrayLike<number>): (places: ArrayLike<number>) => number[] {
  for (let i = 0; i < indices.length; i++) expectInside("selected documents", indices[i]!, 1, length);
  if (indices.length === 0) throw new ConfigError("selected documents: there is no index");
  return (places) =>
    Array.from(places, (place) => {
      expectInside("selected documents", place, 1, indices.length);
      return indices[place]!;
    });
}

const at = (lengths: Int32Array, indices: ArrayLike<number>): Int32Array =>
  Int32Array.from(indices, (index) => lengths[index]!);
