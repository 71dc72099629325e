import { ConfigError } from "@tenon/tensor";

/** What {@link continuesWord} asks a tokenizer; those that `@tenon/tokenizers` makes of a tokenizer.json can tell. */
export interface PieceTokenizer {
  /** Is the token a word or a piece of one? */
  isWord(id: number): boolean;
  /** What each token writes in the midst of a text: text, bytes, or `undefined` for a special token. */
  pieces?(): readonly (string | Uint8Array | undefined)[];
}

const space = 0x20;

/**
 * Tells of the tokens of a tokenizer which go on with the word of the token before them: a piece of a word that brings no space with it, behind another
 * piece of a word. It is right for word pieces (`##ing`), for byte-level pairs and for pieces with `▁`. `maskedBatches` and `preTrainingBatches` take
 * it as `continues`.
 *
 * Throws `ConfigError` for a tokenizer that cannot say what its tokens write.
 *
 * @example
 * ```ts
 * const tokenizer = { isWord: (id: number) => id < 3, pieces: () => [" story", "tell", "er", "."] };
 * const continues = continuesWord(tokenizer);
 * console.log(continues(2, 1), continues(0, 2), continues(1, 3)); // true false false
 * ```
 */
export function continuesWord(tokenizer: PieceTokenizer): (id: number, before: number) => boolean {
  const pieces = tokenizer.pieces?.();
  if (pieces === undefined) {
    throw new ConfigError(
      "continuesWord: this tokenizer does not say what its tokens write (it has no `pieces`). Take one made from a tokenizer.json, or pass a function of your own as `continues`.",
    );
  }
  const isWord = pieces.map((piece, id) => piece !== undefined && tokenizer.isWord(id));
  const joins = pieces.map((piece, id) => isWord[id]! && !bringsSpace(piece!));
  return (id, before) => joins[id] === true && isWord[before] === true;
}

const bringsSpace = (piece: string | Uint8Array): boolean =>
  typeof piece === "string" ? /^\s/u.test(piece) : piece[0] === space;
