import type { Documents } from "../read/documents.ts";
import { expectInside } from "../read/expect-inside.ts";
import { partAt, startsOf } from "../read/starts.ts";
import type { TokenSource } from "../token-source.ts";

/**
 * Documents one behind the other, as one text: what {@link windowBatches} cuts, where only some of a corpus's documents are to be trained on. Where each begins is kept in
 * memory, 8 bytes a document.
 *
 * @example
 * ```ts
 * const corpus = corpusInMemory({ sources: textFiles([new Blob(["a\nbc\nd"])], "lines"), tokenizer: byteTokenizer() });
 * const tokens = await joined(selectedDocuments(await corpus.documents(), [2, 1]));
 * console.log(await tokens.read(0, tokens.length)); // Int32Array(3) [ 100, 98, 99 ]
 * ```
 */
export async function joined(documents: Documents): Promise<TokenSource> {
  const starts = startsOf(await documents.lengths());
  const length = starts.at(-1)!;
  return {
    length,
    async read(start, count) {
      expectInside("tokens", start, count, length);
      const ids = new Int32Array(count);
      if (count === 0) return ids;
      const [first, last] = [partAt(starts, start), partAt(starts, start + count - 1)];
      const parts = await documents.read(Array.from({ length: last - first + 1 }, (_, i) => first + i));
      parts.forEach((part, i) => {
        const at = starts[first + i]! - start;
        const cut = part.subarray(Math.max(0, -at), Math.max(0, count - at));
        ids.set(cut, Math.max(0, at));
      });
      return ids;
    },
  };
}
