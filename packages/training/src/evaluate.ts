import { expectSize, type Part } from "@tenon/nn";
import { type Backend, ConfigError, scoped } from "@tenon/tensor";

import { type Batch, type Batches, ignored } from "./data/batch.ts";
import { breather } from "./event-loop.ts";
import { homeOf } from "./home.ts";
import type { Objective } from "./objectives/objective.ts";

/** What {@link evaluate} looks at. */
export interface EvaluateOptions<M extends Part> {
  /** A model whose parameters are on a backend. */
  readonly model: M;
  readonly objective: Objective<M>;
  /** Batches of text that was not trained on. */
  readonly batches: Batches;
  /** How many of them: those of the steps 0 to count − 1, so every call sees the same. */
  readonly count: number;
  /** Ends it early, by throwing `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The mean loss per predicted token over fixed batches, without dropout and without gradients. exp of it is the perplexity.
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
export async function evaluate<M extends Part>(options: EvaluateOptions<M>): Promise<number> {
  const { model, batches, count, signal } = options;
  expectSize("evaluate", "count", count);
  const on = homeOf("evaluate", model);
  const breathe = breather(20);
  let total = 0;
  let predicted = 0;
  for (let i = 0; i < count; i++) {
    await breathe();
    signal?.throwIfAborted();
    const batch = batches(i);
    const targets = batch.targets.reduce((n, target) => (target === ignored ? n : n + 1), 0);
    total += targets * (await lossOf(options, batch, on));
    predicted += targets;
  }
  if (predicted === 0) {
    throw new ConfigError(`evaluate: none of the ${count} batches has a position to predict`, { count });
  }
  return total / predicted;
}

async function lossOf<M extends Part>(
  { model, objective }: EvaluateOptions<M>,
  batch: Batch,
  on: Backend,
): Promise<number> {
  using loss = scoped(() => objective(model, batch, on));
  return (await loss.read())[0]!;
}
