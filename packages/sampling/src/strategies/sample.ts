import { ConfigError, type Random } from "@tenon/tensor";
import { checkLogits } from "../transforms/check-logits.ts";
import { largestLogit } from "../transforms/log-sum-exp.ts";
import type { Strategy } from "./strategy.ts";

/**
 * Draws the next token from softmax(z), by inverting the cumulative distribution in float64: the first id whose
 * cumulative probability exceeds a uniform draw of 48 bits.
 *
 * The draw is a function of the seed and of how many ids there are so far: `random.fork(ids.length)`. Nothing is
 * carried from step to step, so a text that was stopped and is resumed from all of its ids goes on exactly as it would
 * have.
 *
 * Throws `ConfigError` when it is not given a `Random`. Choosing throws `ConfigError` for logits that cannot be chosen
 * from: NaN, or every token excluded.
 *
 * Devroye 1986, "Non-uniform random variate generation", chapter II.2.
 *
 * @example
 * ```ts
 * const strategy = sample(random(7));
 * const logits = Float32Array.of(0, 1, 2);
 * console.log(strategy.choose(logits, { ids: [2, 0] }) === strategy.choose(logits, { ids: [2, 0] })); // true
 * ```
 */
export function sample(random: Random): Strategy {
  if (typeof random?.fork !== "function")
    throw new ConfigError(`sample(random) needs a generator such as random(7), got ${typeof random}`);
  return {
    name: "sample()",
    draws: true,
    choose(logits, { ids }) {
      checkLogits(logits, "the logits given to sample()");
      const draw = random.fork(ids.length);
      const point = draw.uniform() + draw.uniform() * 2 ** -24;
      const max = largestLogit(logits);
      let total = 0;
      for (let id = 0; id < logits.length; id++) total += Math.exp(logits[id]! - max);
      // The same terms in the same order as the total, so the walk ends: the last sum is the total, the point is below 1.
      let cumulative = 0;
      let id = -1;
      while (cumulative <= point * total) cumulative += Math.exp(logits[++id]! - max);
      return id;
    },
  };
}
