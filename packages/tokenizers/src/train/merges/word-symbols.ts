/** The distinct words of the texts as symbols, in one array; merging makes them shorter in place. */
export class WordSymbols {
  readonly #symbols: Int32Array;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;

  constructor(words: readonly (readonly number[])[]) {
    this.#lengths = Int32Array.from(words, (word) => word.length);
    this.#starts = new Int32Array(words.length);
    let total = 0;
    for (const [index, word] of words.entries()) {
      this.#starts[index] = total;
      total += word.length;
    }
    this.#symbols = new Int32Array(total);
    for (const [index, word] of words.entries()) this.#symbols.set(word, this.#starts[index]);
  }

  /** Visits all pairs of neighbours, word by word. */
  pairs(visit: (left: number, right: number, word: number) => void): void {
    for (let word = 0; word < this.#starts.length; word++) {
      const start = this.#starts[word]!;
      const end = start + this.#lengths[word]!;
      for (let at = start + 1; at < end; at++) visit(this.#symbols[at - 1]!, this.#symbols[at]!, word);
    }
  }

  /** Replaces `left right` by `merged` in one word, from left to right, and tells which pairs come (+1) and go (−1). */
  merge(
    word: number,
    left: number,
    right: number,
    merged: number,
    change: (left: number, right: number, by: 1 | -1) => void,
  ): void {
    const symbols = this.#symbols;
    const start = this.#starts[word]!;
    const end = start + this.#lengths[word]!;
    let write = start;
    for (let read = start; read < end; read++) {
      const symbol = symbols[read]!;
      if (symbol !== left || read + 1 >= end || symbols[read + 1] !== right) {
        symbols[write++] = symbol;
        continue;
      }
      if (write > start) {
        const before = symbols[write - 1]!;
        change(before, left, -1);
        change(before, merged, 1);
      }
      read++;
      if (read + 1 < end) {
        const after = symbols[read + 1]!;
        change(right, after, -1);
        change(merged, after, 1);
      }
      symbols[write++] = merged;
    }
    this.#lengths[word] = write - start;
  }
}
