import { ConfigError } from "@tenon/tensor";
import { checkKeys, checkText, kindOf } from "./check.ts";
import { decodeAll } from "./decode-all.ts";
import { Specials, type SpecialTokens } from "./special.ts";
import type { TokenDecoder, Tokenizer } from "./tokenizer.ts";
import { unknownText } from "./unknown-text.ts";
import { Vocabulary } from "./vocabulary.ts";

/** What {@link characterTokenizer} takes besides its text. */
export interface CharacterOptions {
  /** Tokens that stand for something other than text; none by default. */
  readonly special?: SpecialTokens;
}

/**
 * One token for each character: a Unicode code point, so that an emoji is one token and not two.
 *
 * Built from a text, it has the characters of the text in the order of their code points; built from a list, those of the list.
 * `decode(encode(text)) === text` for every text whose characters it has.
 *
 * `encode` throws `ConfigError` for a character that it lacks, with the position, unless there is a special token `unknown` to
 * stand for it. Building throws `ConfigError` for an empty text, for a token that is not one character or is there twice, and for
 * a special token that cannot be told from text.
 *
 * @example
 * ```ts
 * const tokenizer = characterTokenizer("hello"); // e, h, l, o
 * console.log(tokenizer.size); // 4
 * console.log(tokenizer.encode("hole")); // [ 1, 3, 2, 0 ]
 * console.log(tokenizer.decode([1, 3, 2, 0])); // hole
 * ```
 */
export function characterTokenizer(
  source: string | { readonly vocabulary: readonly string[] },
  options: CharacterOptions = {},
): Tokenizer {
  checkKeys(options, ["special"], "characterTokenizer");
  const specials = new Specials(options.special);
  const vocabulary = new Vocabulary(
    typeof source === "object" ? listed(source) : charactersOf(source, specials),
    specials,
  );
  const { unknown } = vocabulary.special;
  // A token is a whole character, so there is never anything to hold back.
  const decoder = (): TokenDecoder => ({ push: (id) => vocabulary.token(id), end: () => "" });

  return {
    kind: "character",
    size: vocabulary.size,
    special: vocabulary.special,
    encode(text) {
      const ids: number[] = [];
      let index = 0;
      for (const [place, part] of specials.split(text).entries()) {
        for (const token of place % 2 === 1 ? [part] : part) {
          const id = vocabulary.id(token) ?? unknown;
          if (id === undefined) throw unknownText("character", token, text, index, vocabulary.size);
          ids.push(id);
          index += token.length;
        }
      }
      return ids;
    },
    decode: (ids) => decodeAll(decoder(), ids),
    decoder,
    token: (id) => vocabulary.token(id),
    id: (token) => vocabulary.id(token),
    isWord: (id) => /^[\p{L}\p{N}\p{M}]/u.test(vocabulary.token(id)),
    toJSON: () => ({ kind: "character", version: 1, vocabulary: vocabulary.tokens, special: specials.list }),
  };
}

function charactersOf(source: unknown, specials: Specials): string[] {
  const parts = specials.split(checkText(source)).filter((_, place) => place % 2 === 0);
  return [...new Set(parts.join(""))].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
}

function listed(source: { readonly vocabulary: readonly string[] } | null): readonly string[] {
  if (!Array.isArray(source?.vocabulary)) {
    throw new ConfigError(`vocabulary is a list of characters, got ${kindOf(source?.vocabulary)}`, {
      key: "vocabulary",
    });
  }
  for (const [index, token] of source.vocabulary.entries()) {
    if (typeof token !== "string" || [...token].length === 1) continue;
    const key = `vocabulary[${index}]`;
    throw new ConfigError(`${key} of a character tokenizer is one character, got ${JSON.stringify(token)}`, {
      key,
      got: token,
    });
  }
  return source.vocabulary;
}
