import type { TensorOnFile } from "@tenon/checkpoint";
import { assignQuantized, quantizableIn, type Parameter, type Part } from "@tenon/nn";
import { CheckpointError, sizeOf, type Backend } from "@tenon/tensor";

import { same, type HostTensor } from "../names/layout.ts";
import type { Naming } from "../names/naming.ts";
import { planLoading, type Step } from "../names/plan.ts";
import type { Weights } from "./open-weights.ts";

/** What is told while weights are loaded. */
export interface LoadProgress {
  /** Parameters that are in their place, of all. */
  readonly parameters: number;
  readonly of: number;
}

/**
 * Reads the weights of a model and places them on a backend, one tensor at a time, so that no more is in memory than the weights themselves and what one
 * tensor takes. What the file has in levels stays in levels where the parts that hold it compute from such, and becomes numbers elsewhere. All names, shapes and dtypes are checked before the first is read; when reading fails later, the model is disposed: no half of one is left.
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
  const quantizable = new Set(quantizableIn(model).values());
  let parameters = 0;
  try {
    for (const [copy, original] of repeated) await expectSame(weights.name, copy, original);
    // The largest first: what it takes to read one comes on top of all that is in memory already.
    for (const step of steps.toSorted((a, b) => sizeOfStep(b) - sizeOfStep(a))) {
      to.signal?.throwIfAborted();
      const { theirs, ours, layout } = step;
      if (await takeLevels(step, quantizable)) {
        for (const each of [ours[0]!, ...Object.values(ours[0]!.quantized!.beside)]) await each.place(to.backend);
        to.onProgress?.({ parameters: ++parameters, of });
        continue;
      }
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

/** Puts a tensor that is stored in levels into its parameter as it is, where that can be. */
async function takeLevels(
  { theirs: [tensor, ...others], ours, layout }: Step,
  quantizable: ReadonlySet<Parameter>,
): Promise<boolean> {
  const parameter = ours[0]!;
  if (tensor?.readQuantized === undefined || others.length > 0 || layout !== same || !quantizable.has(parameter))
    return false;
  await assignQuantized(parameter, await tensor.readQuantized());
  return true;
}

const sizeOfStep = ({ ours }: Step): number => ours.reduce((sum, { type }) => sum + sizeOf(type.shape), 0);

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
