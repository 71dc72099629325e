import type { Random } from "@tenon/tensor";
import { checkRandom, perturbed } from "../gumbel/gumbels.ts";
import { checkLogits } from "../transforms/check-logits.ts";
import type { Strategy } from "./strategy.ts";

/**
 * Draws the next token from softmax(z) as arg maxᵢ (zᵢ + gᵢ), with independent noise gᵢ = −log(−log uᵢ) from the standard Gumbel
 * distribution and uᵢ of 48 bits: the same distribution as {@link sample}'s, from other draws.
 *
 * What it has over inverting the cumulative distribution is that the noise belongs to the tokens. Excluding a token that was not the
 * choice never changes the choice, and raising a logit changes it to that token or not at all; so runs with one seed whose models,
 * prompts or transforms differ a little differ in their texts only where they have to. It costs two random numbers for each token of
 * the vocabulary, where `sample` draws two.
 *
 * The noise is a function of the seed, of how many ids there are so far, `random.fork(ids.length)`, and of the token. Nothing is
 * carried from step to step, so a text that was stopped and is resumed from all of its ids goes on exactly as it would have.
 *
 * Throws `ConfigError` when it is not given a `Random`. Choosing throws `ConfigError` for logits that cannot be chosen from: NaN, or
 * every token excluded.
 *
 * Gumbel 1954, "Statistical theory of extreme values and some practical applications"; Maddison, Tarlow and Minka 2014, "A* sampling".
 *
 * @example
 * ```ts
 * const strategy = gumbelMax(random(7));
 * const choose = (...logits: number[]): number => strategy.choose(Float32Array.from(logits), { ids: [2, 0] });
 * console.log(choose(0, 0.5, 1), choose(0, -Infinity, 1), choose(0, 0.5, -Infinity)); // 2 2 0
 * ```
 */
export function gumbelMax(random: Random): Strategy {
  checkRandom(random, "gumbelMax(random)");
  return {
    name: "gumbelMax()",
    draws: true,
    choose(logits, { ids }) {
      checkLogits(logits, "the logits given to gumbelMax()");
      const scores = perturbed(logits, random.fork(ids.length));
      let best = logits.findIndex((logit) => logit !== -Infinity);
      for (let id = best + 1; id < scores.length; id++) if (scores[id]! > scores[best]!) best = id;
      return best;
    },
  };
}
