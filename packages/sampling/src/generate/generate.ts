import { ConfigError } from "@tenon/tensor";
import type { CausalModel } from "../predict/causal-model.ts";
import { checkLogits } from "../transforms/check-logits.ts";
import { breather } from "./event-loop.ts";
import type { GenerateOptions } from "./generate-options.ts";
import type { Alternative, GeneratedToken } from "./generated-token.ts";
import { Generation } from "./generation.ts";
import { isTokenId, planGeneration, type GenerationPlan } from "./generation-plan.ts";
import { largest } from "../transforms/largest.ts";
import { lastLogits } from "./last-logits.ts";
import { logSumExp } from "../transforms/log-sum-exp.ts";
import type { DecodingContext } from "../transforms/logits-transform.ts";
import { Meter, type GenerationStatistics, type StopReason } from "./statistics.ts";
import { TextStream } from "./text-stream.ts";

/**
 * Continues a prompt token by token, as they come: the prompt in one call of the model, then one token per call through
 * the model's cache. One sequence at a time (b = 1).
 *
 * It ends at a stop token, a stop string, after `maxTokens`, or when the context is full; nothing is dropped from the
 * front to go on. A token may be drawn after the last position of the context, so a prompt that fills it still yields
 * one. The cache is freed at the end, also when the consumer leaves the loop early. To stop quietly, leave the loop;
 * the `signal` is for whoever is not in it, and makes the loop throw `signal.reason`.
 *
 * Throws `ConfigError` at once for an empty prompt, one longer than the context, an id outside of the vocabulary, or an
 * option that cannot be honoured; and on the way when a step leaves no token to choose from (NaN, or every token
 * excluded).
 *
 * @example
 * ```ts
 * const backend = cpu();
 * const model = {
 *   vocabulary: 3,
 *   context: Infinity,
 *   backend,
 *   cache: () => ({ [Symbol.dispose]() {} }),
 *   next: () => tensor([0, 1, 2], [1, 3], backend), // whatever came before
 * };
 * const generation = generate(model, [0], {
 *   transforms: [temperature(0.8), topP(0.95)],
 *   strategy: sample(random(7)),
 *   maxTokens: 3,
 *   decoder: { push: (id) => "abc"[id]!, end: () => "" },
 * });
 * for await (const { text } of generation) console.log(text);
 * // c
 * // c
 * // b
 * console.log(generation.statistics.stopReason); // length
 * ```
 */
export function generate<C>(
  model: CausalModel<C>,
  promptIds: ArrayLike<number>,
  options: GenerateOptions = {},
): Generation {
  const plan = planGeneration(model, promptIds, options);
  const meter = new Meter(plan.prompt.length);
  return new Generation(tokens(model, plan, meter), meter);
}

async function* tokens<C>(
  model: CausalModel<C>,
  plan: GenerationPlan,
  meter: Meter,
): AsyncGenerator<GeneratedToken, GenerationStatistics, void> {
  const { prompt, signal } = plan;
  const ids = [...prompt];
  const stream = new TextStream(plan.decoder, plan.stopTexts, prompt);
  const breathe = breather(50);
  try {
    signal?.throwIfAborted();
    using cache = model.cache();
    for (let step = 0; !meter.ended; step++) {
      await breathe();
      signal?.throwIfAborted();
      meter.start();
      const logits = await lastLogits(model, step === 0 ? prompt : ids.slice(-1), cache);
      signal?.throwIfAborted();
      checkLogits(logits, `the model's logits after ${ids.length} tokens`);
      const normaliser = logSumExp(logits);
      const rate = (id: number): Alternative => ({ id, logProbability: logits[id]! - normaliser });
      const alternatives = Array.from(largest(logits, plan.alternatives), rate);
      const chosen = rate(choose(logits, plan, { ids }));
      ids.push(chosen.id);
      meter.token();

      const ending = endingAt(chosen.id, step + 1, ids.length, plan, model.context);
      let text = ending === "token" ? "" : stream.push(chosen.id);
      if (ending !== undefined && !stream.stopped) text += stream.end();
      // Before the token is yielded, so that a consumer who leaves with the last one sees why it was the last.
      meter.end(stream.stopped ? "text" : ending);
      yield { ...chosen, text, step, alternatives };
    }
    return meter.statistics;
  } finally {
    meter.end("aborted");
  }
}

/** The id that the strategy chooses from the transformed logits. */
function choose(logits: Float32Array, { transform, strategy }: GenerationPlan, context: DecodingContext): number {
  const transformed = transform.apply(logits, context);
  const id = strategy.choose(transformed, context);
  if (isTokenId(id, transformed.length) && transformed[id] !== -Infinity) return id;
  throw new ConfigError(
    `The strategy ${strategy.name} chose ${id}, which is excluded or not an id from 0 to ${transformed.length - 1}. A strategy returns the id of a token that is not excluded.`,
    {
      strategy: strategy.name,
      id,
    },
  );
}

/** Why this token is the last one, its text aside; undefined when it is not. */
function endingAt(
  id: number,
  generated: number,
  length: number,
  plan: GenerationPlan,
  context: number,
): StopReason | undefined {
  if (plan.stopIds.has(id)) return "token";
  if (generated === plan.maxTokens) return "length";
  return length > context ? "context" : undefined;
}
