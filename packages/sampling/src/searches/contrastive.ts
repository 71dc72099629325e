import { ConfigError } from "@tenon/tensor";
import { checkOptions, refuseForSampling } from "../generate/checks.ts";
import { scoresOf } from "../generate/choose.ts";
import type { Search } from "../generate/search.ts";
import { largest } from "../transforms/largest.ts";
import { logSumExp } from "../transforms/log-sum-exp.ts";
import { largestCosine, unit } from "./cosine.ts";

/**
 * How contrastive search weighs.
 *
 * @example
 * ```ts
 * const options: ContrastiveOptions = { k: 5, alpha: 0.6 };
 * console.log(contrastive(options).name); // contrastive({ k: 5, alpha: 0.6 })
 * ```
 */
export interface ContrastiveOptions {
  /** How many of the most probable ids are candidates, at least 2. */
  readonly k: number;
  /** What repeating costs, from 0 (the most probable id wins) to 1 (the least similar candidate wins). */
  readonly alpha: number;
}

/**
 * Contrastive search: of the k most probable ids, the one that is probable and yet unlike everything before. With hidden states h [d], p = softmax of the transformed
 * logits, and j over all positions of the prompt and the generated text,
 *
 *     xₜ = arg max over the k candidates c of (1 − α) · p(c) − α · maxⱼ cos(h(c), hⱼ),
 *
 * of equal ones the more probable. It draws nothing, and does not fall into the loops of `greedy()`. The model reads all candidates in one batch, and tells hidden states: `states` and
 * `logits` of a {@link CausalModel}, `state` of `functionModel`. The prompt is read in full, also where its beginning is remembered, since its states are needed. Of a
 * token beyond the model's context no state can be had: there the most probable one comes.
 *
 * Throws `ConfigError` unless k is a whole number of at least 2 and alpha is from 0 to 1. `generate` throws it at once for a strategy beside it, and for transforms that only shape
 * what is drawn (k takes the place of `topK`); and on the way for a model without hidden states.
 *
 * Su, Lan, Wang, Yogatama, Kong and Collier 2022, "A contrastive framework for neural text generation".
 *
 * @example
 * ```ts
 * // Id 0 is always the most probable, but each id's state points in its own direction, so what has come is passed over.
 * const model = functionModel(() => [2, 1, 1, 0], {
 *   vocabulary: 4,
 *   state: (ids) => [0, 1, 2, 3].map((id) => (id === ids.at(-1) ? 1 : 0)),
 * });
 * const found = [];
 * for await (const { id } of generate(model, [3], { search: contrastive({ k: 3, alpha: 0.6 }), maxTokens: 4 })) found.push(id);
 * console.log(found); // [ 0, 1, 2, 0 ]
 * ```
 */
export function contrastive(options: ContrastiveOptions): Search {
  checkOptions("contrastive()", options, { k: 0, alpha: 0 });
  const { k, alpha } = options;
  if (!Number.isSafeInteger(k) || k < 2)
    throw new ConfigError(
      `contrastive() weighs k candidates, a whole number of at least 2, got ${k}. With one there is nothing to weigh: that is greedy().`,
      { k },
    );
  if (!(alpha >= 0 && alpha <= 1))
    throw new ConfigError(`contrastive() takes an alpha from 0 to 1, got ${alpha}`, { alpha });
  const name = `contrastive({ k: ${k}, alpha: ${alpha} })`;
  return {
    name,
    check({ strategy, transforms }) {
      if (strategy !== undefined) {
        throw new ConfigError(
          `${name} chooses by itself, so the strategy ${strategy.name} would choose nothing. Leave out one of the two.`,
          { strategy: strategy.name },
        );
      }
      refuseForSampling(
        transforms,
        name,
        "say with k and alpha how many candidates there are and what repeating costs",
      );
    },
    async *steps({ predictor, prompt, transform }) {
      const ids = [...prompt];
      let [current] = await predictor.predict([ids], { states: ids.length });
      const earlier = current!.states.map(unit);
      while (true) {
        const { logits: last, read } = current!;
        const logits = last[0]!;
        const scores = scoresOf(logits, transform, { ids, promptLength: prompt.length });
        const candidates = Array.from(largest(scores, k));
        let chosen = 0;
        if (ids.length < predictor.context) {
          const ahead = await predictor.predict(
            candidates.map((id) => [...ids, id]),
            { states: 1 },
          );
          const states = ahead.map((prediction) => unit(prediction.states[0]!));
          const normaliser = logSumExp(scores);
          chosen = mostWorth(
            candidates.map((id, i) => {
              const p = Math.exp(scores[id]! - normaliser);
              return (1 - alpha) * p - alpha * largestCosine(states[i]!, earlier);
            }),
            ids.length,
          );
          earlier.push(states[chosen]!);
          current = ahead[chosen];
        }
        const id = candidates[chosen]!;
        ids.push(id);
        yield { id, logits, scores, read };
      }
    },
  };
}

/** The index of the largest; of equal ones the first. */
function mostWorth(worths: readonly number[], length: number): number {
  const best = worths.indexOf(Math.max(...worths));
  if (best !== -1) return best; // with NaN among them, the largest is NaN, which is nowhere to be found
  throw new ConfigError(
    `The model's hidden states after ${length + 1} tokens are not all finite numbers. Weights that diverged or were damaged give such; check the model's parameters.`,
    { length },
  );
}
