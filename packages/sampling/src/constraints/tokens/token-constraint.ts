import { ConfigError } from "@tenon/tensor";
import type { Constraint } from "../constraint.ts";
import type { ByteLanguage } from "./byte-language.ts";
import { Completion } from "./completion.ts";
import type { TrieNode, Vocabulary } from "./vocabulary.ts";

/** Where the tokens lead from a state. */
interface Moves<S> {
  /** In ascending order. */
  readonly ids: readonly number[];
  /** The state after each of them. */
  readonly targets: readonly S[];
  /** The same states, each once. */
  readonly states: readonly S[];
  /** How many nodes of the vocabulary's trie were visited. */
  readonly steps: number;
}

/** So many ids are remembered with their states, and then forgotten: a long text passes through many states, each with a whole vocabulary. */
const mostKept = 2_000_000;

/**
 * The texts of a language as tokens: a token may come if its bytes lead to a state from which the tokens that there are reach the end within
 * the budget. Throws `ConfigError` at once where they never do, and where there is nothing to write.
 */
export function tokenConstraint<S>(language: ByteLanguage<S>, vocabulary: Vocabulary): Constraint<S> {
  const { name, start } = language;
  const known = new Map<S, Moves<S>>();
  let kept = 0;
  const movesFrom = (state: S): Moves<S> => {
    let moves = known.get(state);
    if (moves === undefined) {
      moves = walk(language, vocabulary, state);
      kept += moves.ids.length;
      if (kept > mostKept) {
        known.clear();
        kept = moves.ids.length;
      }
      known.set(state, moves);
    }
    return moves;
  };
  /** With every byte a token, a text needs no more tokens than it has bytes. */
  const most = (state: S): number => (vocabulary.everyByte ? (language.bytes?.(state) ?? Infinity) : Infinity);
  // Where that is known, a search only finds what is shorter, and may be short itself: in a large vocabulary a budget between the fewest tokens and
  // the fewest bytes may then count as too small, but what is allowed can always be completed.
  const completion = new Completion(language, movesFrom, most(start) < Infinity ? 30_000 : 4_000_000);
  const fits = (state: S, budget: number): boolean => {
    if (language.accepts(state)) return true;
    const enough = most(state);
    if (enough < Infinity && (enough <= budget || vocabulary.longest === 1)) return enough <= budget;
    return completion.within(state, budget);
  };

  if (!fits(start, Infinity)) throw new ConfigError(language.explain(), { constraint: name });
  if (!movesFrom(start).states.some((state) => fits(state, Infinity))) {
    throw new ConfigError(`${name} allows nothing but the empty text, so there is no token to generate.`, {
      constraint: name,
    });
  }

  return {
    name,
    start,
    allowed(state, budget) {
      if (!(budget >= 1)) return [];
      const { ids, targets, states } = movesFrom(state);
      const fitting = new Set(states.filter((each) => fits(each, budget - 1)));
      return fitting.size === states.length ? ids : ids.filter((_, index) => fitting.has(targets[index]!));
    },
    next(state, id) {
      let at: S | undefined = vocabulary.bytes[id] === undefined ? undefined : state;
      for (const byte of vocabulary.bytes[id] ?? []) if (at !== undefined) at = language.step(at, byte);
      if (at !== undefined) return at;
      throw new ConfigError(`Token ${id} may not come here: ${name} allows only the ids that allowed() names.`, {
        constraint: name,
        id,
      });
    },
    accepts: (state) => language.accepts(state),
  };
}

/** Through the trie and the language at once: a prefix that no text has is left with all tokens that begin so. */
function walk<S>(language: ByteLanguage<S>, { trie, bytes: { length: size } }: Vocabulary, from: S): Moves<S> {
  const targetOf: (S | undefined)[] = Array.from({ length: size });
  const waiting: { readonly node: TrieNode; readonly state: S }[] = [{ node: trie, state: from }];
  let steps = 0;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const node of at.node.children) {
      steps++;
      const state = language.step(at.state, node.byte);
      if (state === undefined) continue;
      for (const id of node.ids) targetOf[id] = state;
      if (node.children.length > 0) waiting.push({ node, state });
    }
  }
  // Walking the ids puts them in order for less than sorting does.
  const [ids, targets]: [number[], S[]] = [[], []];
  for (const [id, target] of targetOf.entries()) {
    if (target === undefined) continue;
    ids.push(id);
    targets.push(target);
  }
  return { ids, targets, states: [...new Set(targets)], steps };
}
