import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import { inRange } from "./in-range.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { type CountOptions, firstCounted, readCountPrompt } from "./options.ts";

/**
 * Makes each token that was generated less probable, however often: zᵢ − α. With `countPrompt` the prompt's tokens
 * count, too. A negative α encourages repetition.
 *
 * Throws `ConfigError` unless α is a finite number. Applying it throws `ConfigError` for logits that cannot be chosen
 * from, and when a logit leaves the range of float32.
 *
 * OpenAI 2023, "API reference: frequency and presence penalties".
 *
 * @example
 * ```ts
 * const context = { ids: [1, 0, 0, 2], promptLength: 1 };
 * console.log(presencePenalty(0.5).apply(Float32Array.of(3, 3, 3), context)); // Float32Array(3) [ 2.5, 3, 2.5 ]
 * ```
 */
export function presencePenalty(alpha: number, options: CountOptions = {}): LogitsTransform {
  if (!Number.isFinite(alpha))
    throw new ConfigError(`presencePenalty(alpha) needs a finite number, got ${alpha}`, { alpha });
  const countPrompt = readCountPrompt("presencePenalty(alpha, { countPrompt })", options, false);
  const name = `presencePenalty(${alpha})`;
  return {
    name,
    apply(logits, context) {
      checkLogits(logits, `the logits given to ${name}`);
      const penalised = logits.slice();
      for (let at = firstCounted(context, countPrompt); at < context.ids.length; at++) {
        const id = context.ids[at]!;
        const logit = logits[id];
        if (logit !== undefined) penalised[id] = inRange(logit - alpha, logit, name);
      }
      return penalised;
    },
  };
}
