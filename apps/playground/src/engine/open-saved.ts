import { parseSafetensors } from "@tenon/checkpoint";
import { asPretrained, loadSavedModel, type SavedModel } from "@tenon/pretrained";
import type { Backend } from "@tenon/tensor";

import type { OpenModel } from "./opened-model.ts";

/** Opens what `tenon train` or this page saved. */
export async function openSaved(bytes: Uint8Array, name: string, backend: Backend, about?: string): Promise<OpenModel> {
  const saved = await loadSavedModel(parseSafetensors(bytes, { name }), { backend });
  const { model, tokenizer } = saved;
  const pretrained = asPretrained(saved);
  return { name, about: about ?? aboutOf(saved), model, tokenizer, trained: true, pretrained, saved };
}

function aboutOf({ training: { text, step, heldOut } }: SavedModel): string {
  const loss = heldOut === undefined ? "" : `, loss on held-out text ${heldOut.loss.toFixed(3)}`;
  return `Trained on ${text}, ${step} steps${loss}.`;
}
