import type { DecodingContext } from "../transforms/logits-transform.ts";

/**
 * Chooses the next token from the transformed logits [v] of one sequence. The same logits in the same context give the
 * same id: a strategy that draws at random takes its randomness from a seed and the context, so that it carries nothing
 * from step to step.
 *
 * @example
 * ```ts
 * const last: Strategy = { name: "last", choose: (logits) => logits.findLastIndex((logit) => logit !== -Infinity) };
 * console.log(last.choose(Float32Array.of(1, 2, -Infinity), { ids: [] })); // 1
 * ```
 */
export interface Strategy {
  /** How error messages call it. */
  readonly name: string;
  /** Does chance play a part? If it says no, transforms that only shape what is drawn are refused beside it. */
  readonly draws?: boolean;
  /** The id of a token that is not excluded. */
  choose(logits: Float32Array, context: DecodingContext): number;
}
