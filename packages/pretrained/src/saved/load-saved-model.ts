import { loadParameters, type SafetensorsFile } from "@tenon/checkpoint";
import { type Backend, cpu } from "@tenon/tensor";

import { parseSavedModel } from "./parse-saved-model.ts";
import type { SavedModel } from "./saved-model.ts";

/** How a saved model is loaded. */
export interface LoadSavedModelOptions {
  /** Where it is placed. Default: `cpu()`. */
  readonly backend?: Backend | undefined;
}

/**
 * Loads a model from a file of `tenon train` or the playground, and places it on a backend. `parseSafetensors` of `@tenon/checkpoint` makes the file of bytes,
 * and `readSafetensors` of `@tenon/checkpoint/node` reads it from a path.
 *
 * Throws `CheckpointError` as {@link parseSavedModel} does, and for parameters that are missing, left over or of another shape.
 *
 * @example
 * ```ts
 * const tokenizer = characterTokenizer("the fox ran home");
 * const made = await assemble(gpt({ vocabulary: tokenizer.size, context: 16, width: 8, layers: 1, heads: 2 })).to(cpu());
 * const training = { tenon: "0.1.0", text: "a fox", tokens: 16, step: 0, steps: 9, batch: 1, rate: 0.001, seed: 1 };
 * const bytes = await savedModelBytes({ model: made, tokenizer, training });
 * const loaded = await loadSavedModel(parseSafetensors(bytes, { name: "fox.safetensors" }));
 * console.log(loaded.model.spec.kind, loaded.tokenizer.size, loaded.training.text); // decoder 11 a fox
 * ```
 */
export async function loadSavedModel(
  file: SafetensorsFile,
  { backend = cpu() }: LoadSavedModelOptions = {},
): Promise<SavedModel> {
  const saved = parseSavedModel(file);
  loadParameters(saved.model, file);
  await saved.model.to(backend);
  return saved;
}
