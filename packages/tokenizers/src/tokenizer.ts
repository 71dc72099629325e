import type { HuggingFaceJson } from "./hugging-face/json.ts";

/**
 * Text to token ids and back. Everything that reads or writes text in Tenon asks for this interface, so a tokenizer of your own
 * fits wherever one of this package does.
 *
 * @example
 * ```ts
 * const tokenizer: Tokenizer = wordTokenizer("Mia ran. Tom ran too.", { special: { mask: "[MASK]" } });
 * const ids = tokenizer.encode("Mia [MASK] too.");
 * console.log(ids.indexOf(tokenizer.special["mask"]!)); // 1
 * console.log(tokenizer.decode(ids)); // Mia [MASK] too.
 * ```
 */
export interface Tokenizer {
  /** `"character"`, `"byte"`, `"word"`, `"hugging-face"`, or the name of yours. */
  readonly kind: string;
  /** How many tokens there are, special ones included: ids run from 0 to `size - 1`. This is the `v` of a model. */
  readonly size: number;
  /** The ids of the special tokens by their role: `special["mask"]`, `special["end"]` … */
  readonly special: Readonly<Record<string, number>>;
  /** The ids of a text; the text of a special token in it becomes that token. Throws `ConfigError` for what has no id. */
  encode(text: string): number[];
  /** The text of ids. Throws `ConfigError` for an id outside 0 … size − 1. */
  decode(ids: Iterable<number>): string;
  /**
   * A decoder for ids that come one at a time. `after` are the ids already written, such as those of the prompt: what joins
   * them to the next token (a space between words, the rest of a character) is then right.
   */
  decoder(after?: Iterable<number>): TokenDecoder;
  /** What a token is called: its text, or a name where its text would be unclear. Throws `ConfigError` like `decode`. */
  token(id: number): string;
  /** The id of the token with this name, if there is one. */
  id(token: string): number | undefined;
  /** Is the token a word or a piece of one, rather than punctuation, space or a special token? What a masked model hides. */
  isWord(id: number): boolean;
  /** The tokenizer as data for `JSON.stringify`; {@link loadTokenizer} makes it again. */
  toJSON(): TokenizerJson | HuggingFaceJson;
  /**
   * What each token writes in the midst of a text, by its id: text, or bytes that may be a part of a character; `undefined` for a special token.
   * {@link tokenPieces} asks for it. Throws `ConfigError` where what a token writes depends on its neighbours.
   */
  pieces?(): readonly (string | Uint8Array | undefined)[];
}

/**
 * Turns ids into text as they come, in pieces that never split a character.
 *
 * @example
 * ```ts
 * const decoder = byteTokenizer().decoder();
 * console.log([0xc3, 0xa9].map((id) => decoder.push(id))); // [ '', 'é' ]
 * ```
 */
export interface TokenDecoder {
  /** The whole characters that are certain once this id is known; often the token's text, sometimes "". */
  push(id: number): string;
  /** What is still held back; the decoder then starts afresh. An unfinished character comes out as U+FFFD. */
  end(): string;
}

/** A tokenizer as plain data. `special` is in the order of the ids, which follow those of the vocabulary. */
export interface TokenizerJson {
  readonly kind: string;
  readonly version: 1;
  /** The tokens in the order of their ids; a byte tokenizer has none to list. */
  readonly vocabulary?: readonly string[];
  readonly special: readonly { readonly role: string; readonly token: string }[];
}
