import { ids as idTensor, Scope, ShapeError } from "@tenon/tensor";
import type { CausalModel } from "../predict/causal-model.ts";

/**
 * Shows the model these ids and brings the logits [v] of the last one to the host. Everything made on the way is freed.
 */
export async function lastLogits<C>(model: CausalModel<C>, ids: readonly number[], cache: C): Promise<Float32Array> {
  using scope = new Scope();
  const logits = scope.run(() =>
    model.next(idTensor(ids, [1, ids.length], model.backend, { limit: model.vocabulary }), cache),
  );
  if (logits.dtype !== "f32" || logits.rank !== 2 || logits.shape[0] !== 1 || logits.shape[1] !== model.vocabulary) {
    throw new ShapeError(
      `model.next() returned ${logits.dtype} [${logits.shape.join(", ")}] for one sequence, but the logits of its last position are f32 [1, ${model.vocabulary}]. ` +
        "Take the last position and leave the batch axis in place.",
      { expected: [1, model.vocabulary], got: logits.shape, dtype: logits.dtype },
    );
  }
  const values = await logits.read();
  return values instanceof Float32Array ? values : Float32Array.from(values);
}
