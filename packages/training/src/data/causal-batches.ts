import type { Batch } from "./batch.ts";
import { expectIds } from "./expect-ids.ts";
import { expectWindow, type WindowOptions } from "./windows.ts";

/** What {@link causalBatches} cuts its windows from. */
export type CausalBatchesOptions = WindowOptions;

/**
 * Batches for a model that predicts the next token: windows from anywhere in the text, inputs ids[s … s + t) and targets
 * ids[s + 1 … s + t + 1), every s equally likely. A pure function of the step.
 *
 * Throws `ConfigError` for a text shorter than one window and the token after it, and for an id that is no whole number from 0 up.
 *
 * @example
 * ```ts
 * const batches = causalBatches({ ids: [0, 1, 2, 3, 4, 5, 6, 7], context: 3, batch: 2, random: random(1) });
 * const { inputs, targets, shape } = batches(0);
 * console.log(shape, targets[0] === inputs[0]! + 1); // [ 2, 3 ] true
 * ```
 */
export function causalBatches(options: CausalBatchesOptions): (step: number) => Batch {
  const { context, batch, random } = options;
  const ids = expectIds("causalBatches", options.ids);
  expectWindow("causalBatches", options, ids.length, 1);
  return (step) => {
    const stream = random.fork(step);
    const inputs = new Int32Array(batch * context);
    const targets = new Int32Array(batch * context);
    for (let row = 0; row < batch; row++) {
      const start = stream.integer(ids.length - context);
      inputs.set(ids.subarray(start, start + context), row * context);
      targets.set(ids.subarray(start + 1, start + context + 1), row * context);
    }
    return { inputs, targets, shape: [batch, context] };
  };
}
