import { type Json, isCount, refuse, wrong } from "../json.ts";
import type { Model, ModelToken } from "./model.ts";
import { byteTokens, type TokenIds } from "./vocabulary.ts";

/** The best way so far to end at a place: the sum of the scores, where its last token begins, and its id. */
interface Path {
  score: number;
  begin: number;
  id: number | undefined;
}

/** How much worse than the worst token an unknown character is. */
const unknownPenalty = 10;

/**
 * Of all ways to write a piece with the tokens, the one with the highest sum of scores (logarithms of probabilities), by dynamic programming:
 * `best(e) = max over tokens [b, e) of best(b) + score`.
 *
 * A character that no token covers is unknown; unknown neighbours become one token, or with `byte_fallback` the tokens of their bytes.
 *
 * Subword Regularization (Kudo, 2018).
 */
export function unigram(json: Json): Model {
  const { ids, scores } = readScores(json);
  const unknown = json.has("unk_id") ? json.count("unk_id") : undefined;
  if (unknown !== undefined && unknown >= scores.length) {
    throw wrong(json.at("unk_id"), `an id below ${scores.length}, the number of tokens`, unknown);
  }
  const bytes = json.boolean("byte_fallback", false) ? byteTokens(ids) : undefined;
  const unknownScore = scores.reduce((least, score) => Math.min(least, score), Infinity) - unknownPenalty;
  const longest = longestByFirst(ids);

  const paths = (piece: string): (Path | undefined)[] => {
    const best: (Path | undefined)[] = Array.from({ length: piece.length + 1 });
    const offer = (end: number, path: Path) => {
      const other = best[end];
      if (other === undefined || path.score > other.score) best[end] = path;
    };
    let width = 0;
    for (let begin = 0; begin < piece.length; begin += width) {
      width = piece.codePointAt(begin)! > 0xffff ? 2 : 1;
      const before = begin === 0 ? 0 : best[begin]!.score;
      const last = Math.min(piece.length, begin + (longest.get(piece.charCodeAt(begin)) ?? 0));
      let single = false;
      for (let end = begin + width; end <= last; end++) {
        const id = ids.get(piece.slice(begin, end));
        if (id === undefined) continue;
        offer(end, { score: scores[id]! + before, begin, id });
        if (end === begin + width) single = true;
      }
      if (!single) offer(begin + width, { score: unknownScore + before, begin, id: unknown });
    }
    return best;
  };

  return {
    ids,
    unknown,
    tokenize(piece) {
      const stretches: ModelToken[] = [];
      const best = paths(piece);
      for (let end = piece.length; end > 0; end = best[end]!.begin) {
        const { begin, id } = best[end]!;
        const after = stretches.at(-1);
        if (id === undefined) throw withoutUnknown(json, piece.slice(begin, end));
        if (id === unknown && after?.id === unknown) stretches[stretches.length - 1] = { id, begin, end: after.end };
        else stretches.push({ id, begin, end });
      }
      return stretches.reverse().flatMap((token) => (token.id === unknown ? spell(piece, token) : token));
    },
  };

  /** An unknown stretch may still be a token, or the bytes of one. */
  function spell(piece: string, { begin, end }: ModelToken): ModelToken[] {
    const text = piece.slice(begin, end);
    const whole = ids.get(text);
    if (whole !== undefined) return [{ id: whole, begin, end }];
    if (bytes !== undefined) {
      const spelled = Array.from(new TextEncoder().encode(text), (byte) => bytes[byte]);
      if (spelled.every((id) => id !== undefined)) return spelled.map((id) => ({ id, begin, end }));
    }
    return [{ id: unknown!, begin, end }];
  }
}

function readScores(json: Json): { ids: TokenIds; scores: number[] } {
  const ids = new Map<string, number>();
  const scores = json.list("vocab").map((entry, id): number => {
    const path = `${json.at("vocab")}[${id}]`;
    const [token, score] = Array.isArray(entry) && entry.length === 2 ? (entry as unknown[]) : [];
    if (typeof token !== "string" || typeof score !== "number")
      throw wrong(path, 'a list such as ["▁the", -3.5]', entry);
    if (ids.has(token)) throw wrong(path, `a token of its own, but the id ${ids.get(token)} has it too`, token);
    ids.set(token, id);
    return score;
  });
  if (!isCount(scores.length)) throw wrong(json.at("vocab"), "a list of a size in use", scores.length);
  if (scores.length === 0) throw wrong(json.at("vocab"), "a list with a token in it", scores);
  return { ids, scores };
}

/** The length of the longest token for each first code unit: how far to look. */
function longestByFirst(ids: TokenIds): ReadonlyMap<number, number> {
  const longest = new Map<number, number>();
  for (const token of ids.keys()) {
    const first = token.charCodeAt(0);
    if (token.length > (longest.get(first) ?? 0)) longest.set(first, token.length);
  }
  return longest;
}

function withoutUnknown(json: Json, text: string): Error {
  return refuse(
    json.at("unk_id"),
    `is missing, and ${JSON.stringify(text)} has no token of its own`,
    "name the id of one, or keep to texts that the vocabulary covers",
  );
}
