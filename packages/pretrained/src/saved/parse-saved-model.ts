import type { SafetensorsFile } from "@tenon/checkpoint";
import { assemble } from "@tenon/models";
import { ConfigError } from "@tenon/tensor";
import { loadTokenizer } from "@tenon/tokenizers";

import { mismatch } from "./mismatch.ts";
import { blameFile, damaged } from "./damaged.ts";
import { parseRecord } from "./parse-record.ts";
import type { SavedModel, TextModel } from "./saved-model.ts";
import { isTextModel } from "./text-model.ts";

/**
 * What a file of `tenon train` or the playground says, checked, without its parameters: the model is assembled, and as it was before any training.
 * {@link loadSavedModel} loads the parameters, too.
 *
 * Throws `CheckpointError` naming the file and the remedy for a file that is no such model, a record with a key that is missing, unknown or wrong, a spec or a
 * tokenizer that cannot be used, and a tokenizer that is not the model's.
 *
 * @example
 * ```ts
 * const file = parseSafetensors(serializeSafetensors([], { format: "pt" }), { name: "theirs.safetensors" });
 * try {
 *   parseSavedModel(file);
 * } catch (error) {
 *   console.log(error.message); // theirs.safetensors is a safetensors file, but no model of Tenon's: its metadata has no "tenon". Give a file that `tenon train` wrote.
 * }
 * ```
 */
export function parseSavedModel(file: SafetensorsFile): SavedModel {
  const { spec, tokenizer: saved, training, origin } = parseRecord(file);
  const { model, tokenizer } = blameFile(file.name, () => ({
    model: assembleText(spec),
    tokenizer: loadTokenizer(saved),
  }));
  const problem = mismatch({ model, tokenizer, origin });
  if (problem !== undefined) throw damaged(`${file.name}: ${problem}.`, { file: file.name });
  return { model, tokenizer, training, origin };
}

function assembleText(spec: unknown): TextModel {
  const model = assemble(spec);
  if (isTextModel(model)) return model;
  throw new ConfigError(`spec.kind: such a file holds a model of text, got "${model.spec.kind}"`, {
    path: "spec.kind",
    got: model.spec.kind,
  });
}
