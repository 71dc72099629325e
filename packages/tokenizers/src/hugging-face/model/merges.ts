import { type Json, refuse, wrong } from "../json.ts";
import { mergeQueue } from "./merge-queue.ts";
import type { ModelToken } from "./model.ts";
import type { TokenIds } from "./vocabulary.ts";

/** A merge: how early it was learned, and the token that it makes. */
interface Merge {
  readonly rank: number;
  readonly id: number;
}

/** A token while it is being merged; neighbours are places in the list, -1 where there is none. */
interface Part {
  id: number;
  readonly begin: number;
  end: number;
  before: number;
  after: number;
  gone: boolean;
}

/** The merges of a byte-pair encoding, by the pair of ids that they join. */
export class Merges {
  readonly #merges = new Map<number, Merge>();

  /** Reads `merges`, which are `["a", "b"]` or `"a b"`; `prefix` is what the second token of each carries inside words. */
  constructor(json: Json, ids: TokenIds, prefix: string) {
    const list = json.list("merges").filter((line) => typeof line !== "string" || !line.startsWith("#version"));
    for (const [rank, entry] of list.entries()) {
      const path = `${json.at("merges")}[${rank}]`;
      const pair: unknown = typeof entry === "string" ? entry.split(" ") : entry;
      if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== "string" || typeof pair[1] !== "string") {
        throw wrong(path, 'a pair of tokens such as ["t", "he"]', entry);
      }
      const [left, right] = pair as [string, string];
      const idOf = (token: string): number => {
        const id = ids.get(token);
        if (id !== undefined) return id;
        throw refuse(path, `speaks of ${JSON.stringify(token)}`, "the vocabulary has no such token");
      };
      const key = keyOf(idOf(left), idOf(right));
      this.#merges.set(key, { rank, id: idOf(left + right.slice(prefix.length)) });
    }
  }

  /**
   * Joins neighbours, the earliest merge first and the leftmost of equals, until no two can be joined: O(n log n) for n symbols.
   * Changes the list that it is given.
   */
  apply(tokens: readonly ModelToken[]): ModelToken[] {
    const symbols = tokens.map((token, place): Part => ({
      ...token,
      before: place - 1,
      after: place + 1 < tokens.length ? place + 1 : -1,
      gone: false,
    }));
    const queue = mergeQueue();
    const propose = (place: number): void => {
      const symbol = symbols[place];
      if (symbol === undefined || symbol.after < 0) return;
      const merge = this.#merges.get(keyOf(symbol.id, symbols[symbol.after]!.id));
      if (merge !== undefined) queue.push({ ...merge, place });
    };
    for (const place of symbols.keys()) propose(place);
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const left = symbols[next.place]!;
      if (left.gone || left.after < 0) continue;
      const right = symbols[left.after]!;
      // One of the two may have been merged since this was proposed.
      if (this.#merges.get(keyOf(left.id, right.id))?.id !== next.id) continue;
      left.id = next.id;
      left.end = right.end;
      left.after = right.after;
      right.gone = true;
      if (right.after >= 0) symbols[right.after]!.before = next.place;
      propose(left.before);
      propose(next.place);
    }
    return symbols.filter(({ gone }) => !gone).map(({ id, begin, end }) => ({ id, begin, end }));
  }
}

/** Ids are below 2^24, so a pair of them is a whole number below 2^48, which a number holds exactly. */
function keyOf(left: number, right: number): number {
  return left * 0x100_0000 + right;
}
