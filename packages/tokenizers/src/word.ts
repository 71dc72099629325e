import { ConfigError } from "@tenon/tensor";
import { checkKeys, checkText } from "./check.ts";
import { decodeAll } from "./decode-all.ts";
import { Scanner } from "./scan.ts";
import { closeQuote, join, openQuote, space, start } from "./spacing.ts";
import { Specials, type SpecialTokens } from "./special.ts";
import type { TokenDecoder, Tokenizer } from "./tokenizer.ts";
import { unknownText } from "./unknown-text.ts";
import { Vocabulary } from "./vocabulary.ts";
import { layout, type WordLimits, wordVocabulary } from "./word-vocabulary.ts";

/** What {@link wordTokenizer} takes besides its text. */
export interface WordOptions extends WordLimits {
  /** Tokens that stand for something other than text; none by default. */
  readonly special?: SpecialTokens;
}

/**
 * One token for each word, punctuation mark and line break, spelled as in the text. Masking a word masks exactly one token.
 *
 * A token carries no space. Between two tokens there is one space where English prose has one: between words, after a comma but
 * not before it, and so on. Everything else is written out, with the tokens `"##"` (no space here) and `" "` (a space here). So
 * `decode(encode(text)) === text` for every text whose words it has, however it is spaced. The straight quotation mark is two
 * tokens, one that opens and one that closes. The README lists the marks.
 *
 * `encode` throws `ConfigError` for a word or mark that it lacks, with the position, unless there is a special token `unknown`
 * to stand for it. Building throws `ConfigError` for an empty text, for limits that leave something out when there is no
 * `unknown`, and for a special token that cannot be told from text.
 *
 * @example
 * ```ts
 * const tokenizer = wordTokenizer('"Run, Mia!" said Tom.', { special: { mask: "[MASK]" } });
 * const ids = tokenizer.encode('"Run, [MASK]!"');
 * console.log(ids.map((id) => tokenizer.token(id))); // [ '``', 'Run', ',', '[MASK]', '!', "''" ]
 * console.log(tokenizer.decode(ids)); // "Run, [MASK]!"
 * ```
 */
export function wordTokenizer(text: string, options: WordOptions = {}): Tokenizer {
  checkKeys(options, ["special", "minimumCount", "maximumSize"], "wordTokenizer");
  const { special, ...limits } = options;
  const specials = new Specials(special);
  return wordTokenizerOf(wordVocabulary(checkText(text), specials, limits), specials);
}

/** The word tokenizer with this vocabulary, in the order of the ids. */
export function wordTokenizerOf(tokens: readonly string[], specials: Specials): Tokenizer {
  const vocabulary = new Vocabulary(tokens, specials);
  const scanner = new Scanner(specials);
  checkWords(tokens, scanner);
  const { unknown } = vocabulary.special;
  const sides = Array.from({ length: vocabulary.size }, (_, id) => scanner.sides(vocabulary.token(id)));
  const spaceId = vocabulary.id(space)!;
  const joinId = vocabulary.id(join)!;

  const decoder = (after: Iterable<number> = []): TokenDecoder => {
    let before = start;
    const push = (id: number): string => {
      const text = written(vocabulary.token(id));
      const apart = before.after && sides[id]!.before;
      before = sides[id]!;
      return apart ? ` ${text}` : text;
    };
    for (const id of after) push(id);
    const end = (): string => {
      before = start;
      return "";
    };
    return { push, end };
  };

  return {
    kind: "word",
    size: vocabulary.size,
    special: vocabulary.special,
    encode(text) {
      const ids: number[] = [];
      const pushSpaces = (count: number): void => {
        for (let i = 0; i < count; i++) ids.push(spaceId);
      };
      let before = start;
      for (const { token, spaces, index } of scanner.scan(text)) {
        if (token === "") {
          pushSpaces(spaces);
          break;
        }
        const id = vocabulary.id(token) ?? unknown;
        if (id === undefined) {
          throw unknownText(isWord(token) ? "word" : "character", written(token), text, index, vocabulary.size);
        }
        const implied = before.after && sides[id]!.before ? 1 : 0;
        if (spaces === 0 && implied === 1) ids.push(joinId);
        else if (spaces !== implied) pushSpaces(spaces);
        ids.push(id);
        before = sides[id]!;
      }
      return ids;
    },
    decode: (ids) => decodeAll(decoder(), ids),
    decoder,
    token: (id) => vocabulary.token(id),
    id: (token) => vocabulary.id(token),
    // A special token has punctuation at its ends, so it never looks like a word.
    isWord: (id) => isWord(vocabulary.token(id)),
    toJSON: () => ({ kind: "word", version: 1, vocabulary: vocabulary.tokens, special: specials.list }),
  };
}

function isWord(token: string): boolean {
  return /^[\p{L}\p{N}]/u.test(token);
}

/** What a token looks like in a text. */
function written(token: string): string {
  return token === join ? "" : token === openQuote || token === closeQuote ? '"' : token;
}

function checkWords(tokens: readonly string[], scanner: Scanner): void {
  for (const token of layout) {
    if (tokens.includes(token)) continue;
    throw new ConfigError(
      `the vocabulary of a word tokenizer has the token ${JSON.stringify(token)}, but this one lacks it`,
      {
        key: "vocabulary",
        expected: token,
      },
    );
  }
  for (const [index, token] of tokens.entries()) {
    if (layout.includes(token) || scanner.yields(token)) continue;
    const key = `vocabulary[${index}]`;
    throw new ConfigError(`${key} of a word tokenizer is one word or one mark, got ${JSON.stringify(token)}`, {
      key,
      got: token,
    });
  }
}
