import { ConfigError, type Random } from "@tenon/tensor";
import { checkLogits } from "../transforms/check-logits.ts";
import { largest } from "../transforms/largest.ts";
import { checkRandom, perturbed } from "./gumbels.ts";

/**
 * Draws k different tokens from softmax(z) without replacement, in the order in which they would be drawn one after the other, each from
 * what the earlier ones left: the k largest of zᵢ + gᵢ with noise gᵢ = −log(−log uᵢ). Logits [v] → at most k ids: excluded tokens
 * (`-Infinity`) are not drawn, so there are fewer where fewer are left.
 *
 * Advances the generator by two numbers for each token; for draws that do not depend on earlier ones, give a fork, such as
 * `random(7).fork(step)`.
 *
 * Throws `ConfigError` unless k is a whole number from 1 to v, for what is no `Random`, and for logits that cannot be chosen from: NaN, or
 * every token excluded.
 *
 * Kool, van Hoof and Welling 2019, "Stochastic beams and where to find them: the Gumbel-top-k trick for sampling sequences without
 * replacement"; Vieira 2014, "Gumbel-max trick and weighted reservoir sampling".
 *
 * @example
 * ```ts
 * const logits = Float32Array.of(0, -Infinity, 2, 1);
 * console.log(gumbelTopK(logits, 3, random(7))); // Int32Array(3) [ 0, 2, 3 ]
 * ```
 */
export function gumbelTopK(logits: Float32Array, k: number, random: Random): Int32Array {
  checkRandom(random, "gumbelTopK(logits, k, random)");
  checkLogits(logits, "the logits given to gumbelTopK()");
  if (!Number.isSafeInteger(k) || k < 1 || k > logits.length) {
    throw new ConfigError(
      `gumbelTopK(logits, k, random) needs a whole number k from 1 to the ${logits.length} tokens there are, got ${k}`,
      { k, tokens: logits.length },
    );
  }
  return largest(perturbed(logits, random), k);
}
