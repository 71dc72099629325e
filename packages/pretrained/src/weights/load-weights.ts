import { assignQuantized, matricesIn, quantizableIn, type Parameter, type Part } from "@tenon/nn";
import { CheckpointError, sizeOf, toHalf, type Backend, type FloatDType } from "@tenon/tensor";

import { same, type HostTensor } from "../names/layout.ts";
import type { Naming } from "../names/naming.ts";
import { planLoading, type Step } from "../names/plan.ts";
import type { WeightOnFile, Weights } from "./open-weights.ts";

/** What is told while weights are loaded. */
export interface LoadProgress {
  /** Parameters that are in their place, of all. */
  readonly parameters: number;
  readonly of: number;
}

/**
 * Reads the weights of a model and places them on a backend, one tensor at a time, so that no more is in memory than the weights themselves and what one
 * tensor takes. What the file has in levels stays in levels where the parts that hold it compute from such, and becomes numbers elsewhere, in f32 or, the matrices, in `dtype`. All names, shapes and dtypes are checked before the first is read; when reading fails later, the model is disposed: no half of one is left.
 *
 * Throws `CheckpointError`, and the signal's reason when it is aborted.
 */
export async function loadWeights(
  model: Part,
  weights: Weights,
  naming: Naming,
  to: {
    readonly backend: Backend;
    readonly dtype?: FloatDType | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  },
): Promise<void> {
  const { steps, repeated } = planLoading(model, weights, naming);
  const of = model.parameters().size;
  const quantizable = new Set(quantizableIn(model).values());
  const { dtype = "f32" } = to;
  const matrices = new Set(matricesIn(model).values());
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
      if (dtype !== "f32" && (await takeHalves(step, dtype, matrices))) {
        await ours[0]!.place(to.backend);
        to.onProgress?.({ parameters: ++parameters, of });
        continue;
      }
      const shapes = ours.map(({ type }) => type.shape);
      const loaded = layout.load(await Promise.all(theirs.map(read)), shapes);
      for (const [i, parameter] of ours.entries()) {
        const { values } = loaded[i]!;
        if (dtype === "f32" || !matrices.has(parameter)) give(parameter, values);
        else {
          if (dtype === "f16") expectInRange(weights.name, theirs[0]!.name, values);
          parameter.become({ dtype, shape: shapes[i]! }, toHalf(values, dtype));
        }
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

/** Puts a tensor that is stored in the 16 bits that are asked for into its parameter as it is, where that can be. */
async function takeHalves(
  { theirs: [tensor, ...others], ours, layout }: Step,
  dtype: "f16" | "bf16",
  matrices: ReadonlySet<Parameter>,
): Promise<boolean> {
  const parameter = ours[0]!;
  if (tensor?.readHalves === undefined || tensor.dtype !== dtype.toUpperCase()) return false;
  if (others.length > 0 || layout !== same || !matrices.has(parameter)) return false;
  parameter.become({ dtype, shape: parameter.type.shape }, await tensor.readHalves());
  return true;
}

const sizeOfStep = ({ ours }: Step): number => ours.reduce((sum, { type }) => sum + sizeOf(type.shape), 0);

async function read(tensor: WeightOnFile): Promise<HostTensor> {
  return { shape: tensor.shape, values: await tensor.readFloat32() };
}

/** Values that a parameter gives away when it is placed: it would keep them beside those on the backend. */
function give(parameter: Parameter, values: Float32Array): void {
  let given: Float32Array | undefined = values;
  parameter.initialise(() => {
    const once = given!;
    given = undefined;
    return once;
  });
}

function expectInRange(file: string, tensor: string, values: Float32Array): void {
  const beyond = values.find((value) => Math.abs(value) > 65504 && Number.isFinite(value));
  if (beyond === undefined) return;
  throw new CheckpointError(
    `${file}: "${tensor}" has the number ${beyond}, and f16 ends at 65504; load it with weights: "bf16", or "f32"`,
    { file, tensor },
  );
}

async function expectSame(file: string, copy: WeightOnFile, original: WeightOnFile): Promise<void> {
  const [a, b] = await Promise.all([copy.read(), original.read()]);
  if (a.dtype === b.dtype && a.bytes.length === b.bytes.length && a.bytes.every((byte, i) => byte === b.bytes[i]))
    return;
  throw new CheckpointError(
    `${file}: the config says that "${copy.name}" and "${original.name}" are one (tie_word_embeddings), but the checkpoint has different numbers for them. Set "tie_word_embeddings": false in config.json if they are two.`,
    { file, tensor: copy.name },
  );
}
