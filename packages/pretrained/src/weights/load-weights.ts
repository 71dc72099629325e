import type { TensorOnFile } from "@tenon/checkpoint";
import type { Part } from "@tenon/nn";
import { CheckpointError, type Backend } from "@tenon/tensor";

import type { HostTensor } from "../names/layout.ts";
import type { Naming } from "../names/naming.ts";
import { planLoading } from "../names/plan.ts";
import type { Weights } from "./open-weights.ts";

/** What is told while weights are loaded. */
export interface LoadProgress {
  /** Parameters that are in their place, of all. */
  readonly parameters: number;
  readonly of: number;
}

/**
 * Reads the weights of a model and places them on a backend, one tensor at a time, so that no more is in memory than the weights themselves and what one
 * tensor takes. All names, shapes and dtypes are checked before the first is read; when reading fails later, the model is disposed: no half of one is left.
 *
 * Throws `CheckpointError`, and the signal's reason when it is aborted.
 */
export async function loadWeights(
  model: Part,
  weights: Weights,
  naming: Naming,
  to: {
    readonly backend: Backend;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  },
): Promise<void> {
  const { steps, repeated } = planLoading(model, weights, naming);
  const of = model.parameters().size;
  let parameters = 0;
  try {
    for (const [copy, original] of repeated) await expectSame(weights.name, copy, original);
    for (const { theirs, ours, layout } of steps) {
      to.signal?.throwIfAborted();
      const shapes = ours.map(({ type }) => type.shape);
      const loaded = layout.load(await Promise.all(theirs.map(read)), shapes);
      for (const [i, parameter] of ours.entries()) {
        let values: Float32Array | undefined = loaded[i]!.values;
        // Given away: a parameter would keep its initial values beside those on the backend.
        parameter.initialise(() => {
          const given = values!;
          values = undefined;
          return given;
        });
        await parameter.place(to.backend);
        to.onProgress?.({ parameters: ++parameters, of });
      }
    }
  } catch (error) {
    model[Symbol.dispose]();
    throw error;
  }
}

async function read(tensor: TensorOnFile): Promise<HostTensor> {
  return { shape: tensor.shape, values: await tensor.readFloat32() };
}

async function expectSame(file: string, copy: TensorOnFile, original: TensorOnFile): Promise<void> {
  const [a, b] = await Promise.all([copy.read(), original.read()]);
  if (a.dtype === b.dtype && a.bytes.length === b.bytes.length && a.bytes.every((byte, i) => byte === b.bytes[i]))
    return;
  throw new CheckpointError(
    `${file}: the config says that "${copy.name}" and "${original.name}" are one (tie_word_embeddings), but the checkpoint has different numbers for them. Set "tie_word_embeddings": false in config.json if they are two.`,
    { file, tensor: copy.name },
  );
}
