import type { FastTextDictionary } from "../dictionary.ts";

/** The input rows of each word: those of word w are `rows` from `starts[w]` to `starts[w + 1]`. */
export interface WordParts {
  /** [v + 1] */
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  /** Σ m² / n of each word's n rows, each there m times, [v]: more than 1 where n-grams share a row. */
  readonly gains: Float32Array;
  /** The rows of the word that has the most. */
  readonly most: number;
}

/** The rows of all words of a dictionary, worked out once for a whole training. */
export function wordParts(dictionary: FastTextDictionary): WordParts {
  const { words } = dictionary;
  const starts = new Int32Array(words.length + 1);
  let rows = new Int32Array(16 * words.length);
  const gains = new Float32Array(words.length);
  let most = 0;
  for (const [w, word] of words.entries()) {
    const own = dictionary.rows(word);
    const end = starts[w]! + own.length;
    if (end > rows.length) {
      const larger = new Int32Array(2 * end);
      larger.set(rows.subarray(0, starts[w]));
      rows = larger;
    }
    rows.set(own, starts[w]);
    starts[w + 1] = end;
    most = Math.max(most, own.length);
    const times = new Map<number, number>();
    for (const row of own) times.set(row, (times.get(row) ?? 0) + 1);
    for (const m of times.values()) gains[w]! += (m * m) / own.length;
  }
  return { starts, rows: rows.subarray(0, starts.at(-1)), gains, most };
}
