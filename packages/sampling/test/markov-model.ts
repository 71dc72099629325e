import { add, concat, gather, keep, reshape, slice, tensor, type Backend, type Tensor } from "@tenon/tensor";
import type { CausalModel } from "../src/index.ts";

/** What the model has seen, held in a tensor so that a cache that is not disposed shows in `backend.memory()`. */
class History {
  seen: Tensor | undefined;
  [Symbol.dispose](): void {
    this.seen?.[Symbol.dispose]();
    this.seen = undefined;
  }
}

/** A model that counts what is asked of it. */
export interface MarkovModel extends CausalModel<History> {
  /** How many ids each call of `next` brought. */
  readonly calls: number[];
}

/**
 * A Markov chain of order 2: z = first[last id] + second[the id before it], both tables [v, v]. It needs its cache: a step that forgot
 * what came before would lose the second term.
 */
export function markovModel(
  backend: Backend,
  first: readonly (readonly number[])[],
  { second = first.map((row) => row.map(() => 0)), context = Infinity }: { second?: number[][]; context?: number } = {},
): MarkovModel {
  const vocabulary = first.length;
  const tables = [first, second].map((rows) => tensor(rows.flat(), [vocabulary, vocabulary], backend));
  const calls: number[] = [];
  return {
    vocabulary,
    context,
    backend,
    calls,
    cache: () => new History(),
    next(ids, cache) {
      calls.push(ids.shape[1]!);
      const all = keep(cache.seen === undefined ? slice(ids, 1, 0, ids.shape[1]!) : concat([cache.seen, ids], 1));
      cache.seen?.[Symbol.dispose]();
      cache.seen = all;
      const length = all.shape[1]!;
      if (length > context) throw new Error(`the cache holds ${context}, got ${length}`);
      const term = (back: number): Tensor =>
        reshape(gather(tables[back - 1]!, slice(all, 1, length - back, 1)), [all.shape[0]!, vocabulary]);
      return length === 1 ? term(1) : add(term(1), term(2));
    },
  };
}
