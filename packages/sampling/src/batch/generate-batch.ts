import { decide } from "../generate/choose.ts";
import { breather } from "../generate/event-loop.ts";
import type { GeneratedToken } from "../generate/generated-token.ts";
import { Generation } from "../generate/generation.ts";
import type { GenerationPlan } from "../generate/generation-plan.ts";
import { Sequence } from "../generate/sequence.ts";
import { open, type Decodable } from "../predict/open.ts";
import { checkBatchOptions, planRows, type BatchOptions } from "./batch-options.ts";
import { BatchMeter, type BatchStatistics } from "./batch-statistics.ts";
import { predictUnlike } from "./predict-unlike.ts";

/**
 * A token of a batch.
 *
 * @example
 * ```ts
 * const token: BatchToken = { row: 2, id: 0, text: "", logProbability: -1, step: 0, alternatives: [] };
 * console.log(token.row); // 2
 * ```
 */
export interface BatchToken extends GeneratedToken {
  /** Which prompt it continues. */
  readonly row: number;
}

/**
 * Batched generation under way: a {@link Generation} of tokens with their `row`, whose statistics are those of the batch.
 *
 * @example
 * ```ts
 * const model = functionModel((ids) => [ids.length % 2, 0.5], { vocabulary: 2 });
 * const batch: BatchGeneration = generateBatch(model, [[0], [1]], { maxTokens: 1 });
 * console.log((await collectBatch(batch)).length); // 2
 * ```
 */
export type BatchGeneration = Generation<BatchToken, BatchStatistics>;

/**
 * Continues several prompts at once: one call of the model per step for all rows that still go on, b of them, and their tokens in the order of
 * the rows. Each row gets exactly what `generate` gives it alone; it leaves the batch when it ends, and is not computed any further.
 *
 * Prompts may differ in length where the model heeds paddings: shorter ones are padded in front. Rows with the same ids are computed once, so several
 * samples of one prompt read it once.
 *
 * What was made for it is freed at the end, also when the consumer leaves the loop early, which ends all rows. Throws `ConfigError` at once for what
 * `generate` would refuse, naming the row, and for a decoder that is shared; on the way also for prompts of different lengths when the model does
 * not heed paddings.
 *
 * @example
 * ```ts
 * // Counts up to what the prompt began with.
 * const model = functionModel((ids) => [ids.length <= ids[0]! ? 0 : 9, 1, 1, 1], { vocabulary: 4 });
 * const batch = generateBatch(model, [[1], [3]], { stop: [0] });
 * for await (const { row, step, id } of batch) console.log(row, step, id);
 * // 0 0 1
 * // 1 0 1
 * // 0 1 0
 * // 1 1 1
 * // 1 2 1
 * // 1 3 0
 * console.log(batch.statistics.rows.map(({ stopReason }) => stopReason)); // [ 'token', 'token' ]
 * ```
 */
export function generateBatch(
  model: Decodable,
  prompts: readonly ArrayLike<number>[],
  options: BatchOptions = {},
): BatchGeneration {
  checkBatchOptions(options);
  return batchOf(model, planRows(model, prompts, options, "generateBatch()"));
}

/** A batch of what was planned. */
export function batchOf(model: Decodable, plans: readonly GenerationPlan[]): BatchGeneration {
  const meter = new BatchMeter(plans.map(({ prompt }) => prompt.length));
  return new Generation(tokens(model, plans, meter), meter);
}

async function* tokens(
  model: Decodable,
  plans: readonly GenerationPlan[],
  meter: BatchMeter,
): AsyncGenerator<BatchToken, BatchStatistics, void> {
  const { signal } = plans[0]!;
  const breathe = breather(50);
  let going = plans.map((plan, row) => ({ row, sequence: new Sequence(plan, meter.rows[row]!) }));
  try {
    signal?.throwIfAborted();
    using predictor = open(model);
    while (going.length > 0) {
      await breathe();
      signal?.throwIfAborted();
      const started = performance.now();
      const predictions = await predictUnlike(
        predictor,
        going.map(({ sequence }) => sequence.ids),
      );
      const steps = going.map(({ sequence: { ids, transform, plan } }, i) =>
        decide(predictions[i]!, transform, plan.strategy!, { ids, promptLength: plan.prompt.length }),
      );
      const seconds = (performance.now() - started) / 1000;
      for (const [i, { row, sequence }] of going.entries()) {
        signal?.throwIfAborted();
        yield { ...sequence.take(steps[i]!, seconds), row };
      }
      going = going.filter(({ sequence }) => !sequence.meter.ended);
    }
    return meter.statistics;
  } finally {
    meter.end("aborted");
  }
}
