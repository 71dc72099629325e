import { ConfigError } from "@tenon/tensor";
import type { Prediction } from "../predict/predictor.ts";
import type { Strategy } from "../strategies/strategy.ts";
import { checkLogits } from "../transforms/check-logits.ts";
import type { DecodingContext, LogitsTransform } from "../transforms/logits-transform.ts";
import type { Step } from "./search.ts";

/** The model's logits after the transforms. Throws `ConfigError` when the model's own cannot be chosen from. */
export function scoresOf(logits: Float32Array, transform: LogitsTransform, context: DecodingContext): Float32Array {
  checkLogits(logits, `the model's logits after ${context.ids.length} tokens`);
  return transform.apply(logits, context);
}

/** The id that the strategy chooses. Throws `ConfigError` for one that is excluded, or no id. */
export function choose(scores: Float32Array, strategy: Strategy, context: DecodingContext): number {
  const id = strategy.choose(scores, context);
  if (Number.isSafeInteger(id) && (scores[id] ?? -Infinity) !== -Infinity) return id;
  throw new ConfigError(
    `The strategy ${strategy.name} chose ${id}, which is excluded or not an id from 0 to ${scores.length - 1}. A strategy returns the id of a token that is not excluded.`,
    { strategy: strategy.name, id },
  );
}

/** The step from a prediction: the strategy chooses from its logits after the transforms. */
export function decide(
  { logits, read }: Prediction,
  transform: LogitsTransform,
  strategy: Strategy,
  context: DecodingContext,
): Step {
  const [after] = logits;
  const scores = scoresOf(after!, transform, context);
  return { id: choose(scores, strategy, context), logits: after!, scores, read };
}
