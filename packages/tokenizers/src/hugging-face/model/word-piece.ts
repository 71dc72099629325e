import type { Json } from "../json.ts";
import type { Model, ModelToken } from "./model.ts";
import { readTokenIds, readUnknown } from "./vocabulary.ts";
import { withoutUnknown } from "./word-level.ts";

/**
 * The longest token that a word begins with, then the longest that the rest begins with, and so on; tokens inside a word carry a prefix, `##`. A
 * word that has a rest without a token is unknown as a whole, and so is one that is very long.
 *
 * Google's Neural Machine Translation System (Wu et al., 2016).
 */
export function wordPiece(json: Json): Model {
  const ids = readTokenIds(json);
  const unknown = readUnknown(json, ids);
  const prefix = json.string("continuing_subword_prefix", "##");
  const longestWord = json.count("max_input_chars_per_word", 100);
  const longestToken = Math.max(0, ...Array.from(new Set(Array.from(ids.keys(), (token) => token.length))));

  const pieces = (word: string): ModelToken[] | undefined => {
    const tokens: ModelToken[] = [];
    for (let begin = 0; begin < word.length; begin = tokens.at(-1)!.end) {
      const token = longest(word, begin);
      if (token === undefined) return undefined;
      tokens.push(token);
    }
    return tokens;
  };

  const longest = (word: string, begin: number): ModelToken | undefined => {
    for (let end = Math.min(word.length, begin + longestToken); end > begin; end--) {
      if (isLowSurrogate(word, end)) continue;
      const part = word.slice(begin, end);
      const id = ids.get(begin > 0 ? prefix + part : part);
      if (id !== undefined) return { id, begin, end };
    }
    return undefined;
  };

  return {
    ids,
    unknown,
    tokenize(word) {
      const known = hasMore(word, longestWord) ? undefined : pieces(word);
      if (known !== undefined) return known;
      if (unknown === undefined) throw withoutUnknown(json, word);
      return [{ id: unknown, begin: 0, end: word.length }];
    },
  };
}

/** Would a cut here split a character? */
function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit < 0xe000;
}

function hasMore(text: string, characters: number): boolean {
  if (text.length <= characters) return false;
  let count = 0;
  for (const _ of text) if (++count > characters) return true;
  return false;
}
