import type { SavedModel } from "./saved-model.ts";

/** Why a model and a tokenizer do not belong together; undefined where they do. */
export function mismatch({
  model,
  tokenizer,
  origin,
}: Pick<SavedModel, "model" | "tokenizer" | "origin">): string | undefined {
  const { vocabulary } = model;
  // A model of others may have room for more than its tokenizer has.
  if (vocabulary === tokenizer.size || (origin !== undefined && vocabulary > tokenizer.size)) return undefined;
  return `its model has a vocabulary of ${vocabulary}, but its tokenizer has ${tokenizer.size} tokens`;
}
