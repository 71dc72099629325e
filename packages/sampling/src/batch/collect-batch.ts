import type { StopReason } from "../generate/statistics.ts";
import type { BatchGeneration } from "./generate-batch.ts";

/**
 * A whole continuation of a prompt.
 *
 * @example
 * ```ts
 * const completion: Completion = { ids: [1, 2], text: "ab", logProbability: Math.log(0.25), stopReason: "length" };
 * console.log(Math.exp(completion.logProbability / completion.ids.length)); // 0.5
 * ```
 */
export interface Completion {
  /** The generated ids; a stop token is the last of them. */
  readonly ids: readonly number[];
  /** Their text, without a stop string; empty without a decoder. */
  readonly text: string;
  /** Σ log softmax(z)ᵢ over these ids, under the model's own distribution. */
  readonly logProbability: number;
  readonly stopReason: StopReason;
}

/**
 * Runs a batch to its end and gives a completion for each row, of the tokens that were not taken out of it before.
 *
 * Rejects with what the batch throws.
 *
 * @example
 * ```ts
 * const model = functionModel((ids) => [ids.length % 2, 0.5], { vocabulary: 2 });
 * const decoder = () => ({ push: (id: number) => "ab"[id]!, end: () => "" });
 * const [first, second] = await collectBatch(generateBatch(model, [[0], [0, 0]], { decoder, maxTokens: 3 }));
 * console.log(first!.text, second!.text); // aba bab
 * ```
 */
export async function collectBatch(batch: BatchGeneration): Promise<readonly Completion[]> {
  const rows = batch.statistics.rows.map(() => ({ ids: [] as number[], text: "", logProbability: 0 }));
  for await (const { row, id, text, logProbability } of batch) {
    const into = rows[row]!;
    into.ids.push(id);
    into.text += text;
    into.logProbability += logProbability;
  }
  const { rows: ended } = batch.statistics;
  return rows.map((row, i) => ({ ...row, stopReason: ended[i]!.stopReason! }));
}
