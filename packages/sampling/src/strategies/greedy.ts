import { checkLogits } from "../transforms/check-logits.ts";
import { largestLogit } from "../transforms/log-sum-exp.ts";
import type { Strategy } from "./strategy.ts";

/**
 * Chooses the most probable token, arg maxᵢ zᵢ; of equal ones the smallest id.
 *
 * Choosing throws `ConfigError` for logits that cannot be chosen from: NaN, or every token excluded.
 *
 * @example
 * ```ts
 * console.log(greedy().choose(Float32Array.of(0, 5, 5), { ids: [] })); // 1
 * ```
 */
export function greedy(): Strategy {
  return {
    name: "greedy()",
    draws: false,
    choose(logits) {
      checkLogits(logits, "the logits given to greedy()");
      return logits.indexOf(largestLogit(logits));
    },
  };
}
