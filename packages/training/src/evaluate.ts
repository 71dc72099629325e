import { expectSize, type Part } from "@tenon/nn";
import { type Backend, ConfigError, scoped } from "@tenon/tensor";

import type { Batch, Batches } from "./data/batch.ts";
import { predictionsIn } from "./data/counts.ts";
import { breather } from "./event-loop.ts";
import { homeOf } from "./home.ts";
import type { Objective } from "./objectives/objective.ts";

/** What {@link evaluate} looks at. */
export interface EvaluateOptions<M extends Part, B extends object = Batch> {
  /** A model whose parameters are on a backend. */
  readonly model: M;
  readonly objective: Objective<M, B>;
  /** Batches of text that was not trained on. */
  readonly batches: Batches<B>;
  /** How many of them: those of the steps 0 to count − 1, so every call sees the same. */
  readonly count: number;
  /** Ends it early, by throwing `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The mean loss per prediction over fixed batches, without dropout and without gradients. exp of it is the perplexity.
 *
 * Throws `ConfigError` when count is no whole number from 1 up or no batch has anything to predict.
 *
 * @example
 * ```ts
 * class Bigrams extends Embedding {
 *   readonly vocabulary = 4;
 * }
 * const model = await new Bigrams({ count: 4, width: 4, random: random(1) }).to(cpu());
 * const batches = causalBatches({ ids: [0, 1, 2, 3, 0, 1, 2, 3], context: 4, batch: 2, random: random(2) });
 * const loss = await evaluate({ model, objective: causalLoss, batches, count: 3 });
 * console.log(loss.toFixed(3), Math.log(4).toFixed(3)); // 1.376 1.386
 * ```
 */
export async function evaluate<M extends Part, B extends object = Batch>(
  options: EvaluateOptions<M, B>,
): Promise<number> {
  const { model, batches, count, signal } = options;
  expectSize("evaluate", "count", count);
  const on = homeOf("evaluate", model);
  const breathe = breather(20);
  let total = 0;
  let predicted = 0;
  for (let i = 0; i < count; i++) {
    await breathe();
    signal?.throwIfAborted();
    const batch = await batches(i);
    const weight = predictionsIn(batch);
    // Its loss may be a mean of nothing.
    if (weight === 0) continue;
    total += weight * (await lossOf(options, batch, on));
    predicted += weight;
  }
  if (predicted === 0) {
    throw new ConfigError(`evaluate: none of the ${count} batches has anything to predict`, { count });
  }
  return total / predicted;
}

async function lossOf<M extends Part, B extends object>(
  { model, objective }: EvaluateOptions<M, B>,
  batch: B,
  on: Backend,
): Promise<number> {
  using loss = scoped(() => objective(model, batch, on));
  return (await loss.read())[0]!;
}
