/**
 * Turns ids into text as they come, whole characters only: a character whose bytes are spread over several tokens is
 * held until it is complete. Every tokenizer of `@tenon/tokenizers` makes one with `tokenizer.decoder()`.
 *
 * @example
 * ```ts
 * const letters: TokenDecoder = { push: (id) => String.fromCharCode(97 + id), end: () => "" };
 * console.log(letters.push(2)); // c
 * ```
 */
export interface TokenDecoder {
  /** The text that is complete now that `id` came; often more or less than that of one token. */
  push(id: number): string;
  /** What is still held, at the end: an unfinished character comes out as U+FFFD. */
  end(): string;
}
