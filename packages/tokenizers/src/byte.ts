import { ConfigError } from "@tenon/tensor";
import { checkKeys } from "./check.ts";
import { decodeAll } from "./decode-all.ts";
import { Specials, type SpecialTokens } from "./special.ts";
import type { TokenDecoder, Tokenizer } from "./tokenizer.ts";
import { Vocabulary } from "./vocabulary.ts";

/** What {@link byteTokenizer} takes. */
export interface ByteOptions {
  /** Tokens that stand for something other than text; none by default. No `unknown`: every text is known. */
  readonly special?: SpecialTokens;
}

/** A byte below 128 is called by its character; one above is a piece of a character and called by its number. */
const byteNames: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte < 128 ? String.fromCharCode(byte) : `<0x${byte.toString(16).toUpperCase()}>`,
);

/**
 * One token for each byte of the text in UTF-8: 256 tokens, whatever the language, with nothing to learn and nothing unknown.
 * The id of a byte is the byte; special tokens have the ids from 256 on.
 *
 * `decode(encode(text)) === text` for every well-formed text (half a surrogate pair has no UTF-8 and becomes U+FFFD). Bytes that
 * are no UTF-8 decode to U+FFFD, as the WHATWG Encoding Standard says; while streaming, an unfinished character is held back.
 *
 * Throws `ConfigError` for a special token that cannot be told from text, and for one called `unknown`.
 *
 * @example
 * ```ts
 * const tokenizer = byteTokenizer({ special: { end: "[END]" } });
 * console.log(tokenizer.encode("é![END]")); // [ 195, 169, 33, 256 ]
 * console.log(tokenizer.decode([195, 169, 33])); // é!
 * ```
 */
export function byteTokenizer(options: ByteOptions = {}): Tokenizer {
  checkKeys(options, ["special"], "byteTokenizer");
  const specials = new Specials(options.special);
  const vocabulary = new Vocabulary(byteNames, specials);
  if ("unknown" in vocabulary.special) {
    throw new ConfigError("a byte tokenizer knows every text; leave special.unknown out", { key: "special.unknown" });
  }
  const encoder = new TextEncoder();

  const decoder = (after: Iterable<number> = []): TokenDecoder => {
    // A byte order mark is text like any other: a text comes back as it went in.
    const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
    const push = (id: number): string => {
      const token = vocabulary.token(id);
      return vocabulary.isSpecial(id) ? utf8.decode() + token : utf8.decode(Uint8Array.of(id), { stream: true });
    };
    for (const id of after) push(id);
    return { push, end: () => utf8.decode() };
  };

  return {
    kind: "byte",
    size: vocabulary.size,
    special: vocabulary.special,
    encode(text) {
      const ids: number[] = [];
      for (const [place, part] of specials.split(text).entries()) {
        if (place % 2 === 1) ids.push(vocabulary.id(part)!);
        else for (const byte of encoder.encode(part)) ids.push(byte);
      }
      return ids;
    },
    decode: (ids) => decodeAll(decoder(), ids),
    decoder,
    token: (id) => vocabulary.token(id),
    id: (token) => vocabulary.id(token),
    isWord: (id) => !vocabulary.isSpecial(id) && /^[\p{L}\p{N}]|^<0x/u.test(vocabulary.token(id)),
    toJSON: () => ({ kind: "byte", version: 1, special: specials.list }),
  };
}
