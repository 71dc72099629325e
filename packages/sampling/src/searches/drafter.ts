import type { Decoding } from "../generate/search.ts";

/**
 * What a drafter proposes.
 *
 * @example
 * ```ts
 * const certain: Draft = { ids: [4, 2] };
 * const drawn: Draft = { ids: [1], scores: [Float32Array.of(0, Math.log(3))] }; // drawn where it has probability 3/4
 * console.log(certain.ids.length, drawn.scores?.length); // 2 1
 * ```
 */
export interface Draft {
  /** One after the other; there may be fewer than were asked for, or none. */
  readonly ids: readonly number[];
  /**
   * For each id the scores [v] that the strategy of the decoding chose it from. Absent, the ids count as certain: nothing else could have been proposed.
   * Rejection sampling keeps the model's distribution only if this is true.
   */
  readonly scores?: readonly Float32Array[] | undefined;
}

/**
 * Guesses how a text goes on, cheaply; `speculative` has the model check the guess. Wrong guesses cost time, and change nothing.
 *
 * @example
 * ```ts
 * // Whatever came last comes again.
 * const echo: Drafter = {
 *   name: "echo",
 *   propose: async (ids, count) => ({ ids: new Array<number>(count).fill(ids.at(-1)!) }),
 * };
 * const model = functionModel((ids) => (ids.length < 6 ? [0, 1] : [1, 0]), { vocabulary: 2 });
 * const generation = generate(model, [1], { search: speculative({ draft: echo, tokens: 3 }), maxTokens: 7 });
 * const found = [];
 * for await (const { id } of generation) found.push(id);
 * console.log(found.join(" ")); // 1 1 1 1 1 0 0
 * console.log(generation.statistics.draftedTokens, generation.statistics.acceptedTokens); // 5 4
 * ```
 */
export interface Drafter {
  /** How error messages call it. */
  readonly name: string;
  /** v, where it has a vocabulary of its own. One that differs from the model's is refused. */
  readonly vocabulary?: number | undefined;
  /**
   * Up to `count` ids that may follow `ids`, the prompt's and the generated ones. `count` is at least 1. The decoding has a strategy here: choosing with it, from scores that
   * went through its transforms, makes the most of the proposals right.
   */
  propose(ids: readonly number[], count: number, decoding: Decoding): Promise<Draft>;
  /** That decoding is over, however it ended: gives back what was held for it. */
  dispose?(decoding: Decoding): void;
}
