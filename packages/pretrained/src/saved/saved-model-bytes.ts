import { saveParameters, type StorageOptions } from "@tenon/checkpoint";
import { ConfigError } from "@tenon/tensor";
import { loadTokenizer } from "@tenon/tokenizers";

import { adaptedWeights, weightsInLevels } from "../weights/unsavable.ts";
import { mismatch } from "./mismatch.ts";
import { firstProblem, type ModelRecord, recordKey, recordSchema } from "./record.ts";
import type { SavedModel, TextModel } from "./saved-model.ts";
import { isTextModel } from "./text-model.ts";

/**
 * A model as the bytes of a file such as `tenon train` writes: a safetensors file of its parameters, with its spec, its tokenizer and how it was trained in the
 * metadata. {@link loadSavedModel} loads it, the commands of the CLI and the playground use it. The same model gives the same bytes.
 *
 * Throws `ConfigError` for what could not be loaded again: a tokenizer that is not the model's, or none of `@tenon/tokenizers`; a wrong value in `training` or
 * `origin`; adapters, weights in levels, a model of images. Throws `CheckpointError` when `storage` overflows and `overflow` is `"refuse"`.
 *
 * @param options `{ storage: "F16" }` halves the file, and rounds
 * @example
 * ```ts
 * const tokenizer = characterTokenizer("the fox ran home");
 * const model = await assemble(gpt({ vocabulary: tokenizer.size, context: 16, width: 8, layers: 1, heads: 2 })).to(cpu());
 * const training = { tenon: "0.1.0", text: "a fox", tokens: 16, step: 0, steps: 9, batch: 1, rate: 0.001, seed: 1 };
 * const bytes = await savedModelBytes({ model, tokenizer, training }, { storage: "F16" });
 * console.log(parseSafetensors(bytes).tensors.get("norm.weight")?.dtype); // F16
 * ```
 */
export async function savedModelBytes(saved: SavedModel, options: StorageOptions = {}): Promise<Uint8Array> {
  const { model, tokenizer, training, origin } = saved;
  expectPlain(model);
  const record = checked({
    version: 1,
    spec: { ...model.spec },
    tokenizer: { ...tokenizer.toJSON() },
    training,
    origin,
  });
  // A stranger's tokenizer could not be read back. One of Hugging Face can, and its vocabulary is large.
  if (tokenizer.kind !== "hugging-face") loadTokenizer(record.tokenizer);
  const wrong = mismatch(saved);
  if (wrong !== undefined)
    throw new ConfigError(`the model cannot be saved: ${wrong}; give the tokenizer that it was trained with`, {
      expected: model.vocabulary,
      got: tokenizer.size,
    });
  return saveParameters(model, { ...options, metadata: { [recordKey]: JSON.stringify(record) } });
}

/** The record with its keys in the order of the schema: the bytes do not depend on the order in which they were given. */
function checked(record: ModelRecord): ModelRecord {
  const { data, error } = recordSchema.safeParse(record);
  if (data !== undefined) return data;
  const { path, message } = firstProblem(error);
  throw new ConfigError(`${path} cannot be saved with a model: ${message}`, { path });
}

function expectPlain(model: TextModel): void {
  const { kind } = model.spec;
  if (!isTextModel(model))
    throw new ConfigError(`such a file holds a model of text, got "${kind}"; savePretrained() saves one of images`, {
      got: kind,
    });
  const adapted = adaptedWeights(model);
  if (adapted.length > 0)
    throw new ConfigError(
      `the model has adapters on ${adapted.length} weights, ${adapted[0]} the first, which such a file does not hold; merge() makes them part of the weights and detach() takes them off`,
      { adapted },
    );
  const inLevels = weightsInLevels(model);
  if (inLevels.length > 0)
    throw new ConfigError(
      `the model holds ${inLevels.length} weights in levels, ${inLevels[0]} the first, which such a file does not have; await dequantizeWeights() of the model first`,
      { inLevels },
    );
}
