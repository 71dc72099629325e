import { open, type Decodable } from "../predict/open.ts";
import { breather } from "./event-loop.ts";
import type { GenerateOptions } from "./generate-options.ts";
import type { GeneratedToken } from "./generated-token.ts";
import { Generation } from "./generation.ts";
import { planGeneration, type GenerationPlan } from "./generation-plan.ts";
import { stepByStep } from "./step-by-step.ts";
import { Sequence } from "./sequence.ts";
import { Meter, type GenerationStatistics } from "./statistics.ts";

/**
 * Continues a prompt token by token, as they come: the prompt in one call of the model, then one token per call through
 * the model's cache. One sequence at a time (b = 1).
 *
 * It ends at a stop token, a stop string, after `maxTokens`, or when the context is full; nothing is dropped from the
 * front to go on. A token may be drawn after the last position of the context, so a prompt that fills it still yields
 * one. What was made for it is freed at the end, also when the consumer leaves the loop early. To stop quietly, leave the loop;
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
export function generate(model: Decodable, promptIds: ArrayLike<number>, options: GenerateOptions = {}): Generation {
  const plan = planGeneration(model, promptIds, options);
  const meter = new Meter(plan.prompt.length);
  return new Generation(tokens(model, plan, meter), meter);
}

async function* tokens(
  model: Decodable,
  plan: GenerationPlan,
  meter: Meter,
): AsyncGenerator<GeneratedToken, GenerationStatistics, void> {
  const { prompt, signal, search = stepByStep, strategy, room: maxTokens } = plan;
  const sequence = new Sequence(plan, meter);
  const { transform } = sequence;
  const breathe = breather(50);
  try {
    signal?.throwIfAborted();
    using predictor = open(model);
    const drafted = (proposed: number, accepted: number): void => meter.drafted(proposed, accepted);
    const ended = (generated: readonly number[]): boolean => sequence.endedBy(generated);
    const steps = search.steps({ predictor, prompt, transform, strategy, maxTokens, ended, drafted });
    try {
      while (!meter.ended) {
        await breathe();
        signal?.throwIfAborted();
        const started = performance.now();
        const { done, value: step } = await steps.next();
        signal?.throwIfAborted();
        if (done) throw new Error(`the search ${search.name} ended by itself`); // a search goes on until it is left
        yield sequence.take(step, (performance.now() - started) / 1000);
      }
    } finally {
      await steps.return();
    }
    return meter.statistics;
  } finally {
    meter.end("aborted");
  }
}
