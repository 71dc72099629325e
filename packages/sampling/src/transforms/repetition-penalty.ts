import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import { inRange } from "./in-range.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { type CountOptions, firstCounted, readCountPrompt } from "./options.ts";

/**
 * Makes each token that was there before less probable, however often it was there: zᵢ / θ where zᵢ ≥ 0, zᵢ · θ where
 * it is below. Above 1 it discourages repetition, below 1 it encourages it; the paper takes 1.2. The prompt's tokens
 * count unless `countPrompt` is false. The result depends on where the logits have their zero: models that have been
 * trained leave it where this works.
 *
 * Throws `ConfigError` unless θ is a finite number above 0. Applying it throws `ConfigError` for logits that cannot be
 * chosen from, and when a logit leaves the range of float32.
 *
 * Keskar, McCann, Varshney, Xiong and Socher 2019, "CTRL: a conditional transformer language model for controllable
 * generation".
 *
 * @example
 * ```ts
 * console.log(repetitionPenalty(2).apply(Float32Array.of(3, 3, -3), { ids: [2, 0] })); // Float32Array(3) [ 1.5, 3, -6 ]
 * ```
 */
export function repetitionPenalty(penalty: number, options: CountOptions = {}): LogitsTransform {
  if (!Number.isFinite(penalty) || penalty <= 0)
    throw new ConfigError(`repetitionPenalty(penalty) needs a finite number above 0, got ${penalty}`, { penalty });
  const countPrompt = readCountPrompt("repetitionPenalty(penalty, { countPrompt })", options, true);
  const name = `repetitionPenalty(${penalty})`;
  return {
    name,
    apply(logits, context) {
      checkLogits(logits, `the logits given to ${name}`);
      const penalised = logits.slice();
      for (let at = firstCounted(context, countPrompt); at < context.ids.length; at++) {
        const id = context.ids[at]!;
        const logit = logits[id];
        if (logit !== undefined) penalised[id] = inRange(logit < 0 ? logit * penalty : logit / penalty, logit, name);
      }
      return penalised;
    },
  };
}
