import type { Encoder } from "@tenon/models";
import { ConfigError, ids as idTensor, Scope, softmax, topK } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import { isHuggingFace } from "../generation/prompt.ts";

/** One word that may stand where a mask was. */
export interface Candidate {
  readonly word: string;
  readonly id: number;
  readonly probability: number;
}

/** A text with its masks filled. */
export interface Filling {
  /** For each mask in turn, the most probable words first. */
  readonly masks: readonly (readonly Candidate[])[];
  /** The text with the best word for each mask. The masks were filled at the same time, so the words need not fit each other. */
  readonly text: string;
}

/**
 * What an encoder thinks of each mask in a text.
 *
 * @param ids the text, with the id `mask` where words are missing
 * @param top how many words for each mask; special tokens are not among them
 */
export async function fillMasks(
  model: Encoder,
  tokenizer: Tokenizer,
  ids: readonly number[],
  mask: number,
  top: number,
): Promise<Filling> {
  const special = new Set(Object.values(tokenizer.special));
  // A model may have room for more ids than there are tokens.
  const wanted = Math.min(model.vocabulary, top + special.size + model.vocabulary - tokenizer.size);
  using scope = new Scope();
  const [values, indices] = scope.run(() => {
    const input = idTensor(ids, [1, ids.length], model.backend, { limit: model.vocabulary });
    return topK(softmax(model.forward(input)), wanted); // [1, t, v] → [1, t, k] twice
  });
  const [probabilities, candidates] = await Promise.all([values.read(), indices.read()]);

  const masks = ids.flatMap((id, place) => {
    if (id !== mask) return [];
    const row = Array.from({ length: wanted }, (_, i): Candidate => {
      const at = place * wanted + i;
      const candidate = candidates[at]!;
      if (candidate >= tokenizer.size) return { word: "", id: candidate, probability: 0 };
      return { word: wordOf(candidate, tokenizer), id: candidate, probability: probabilities[at]! };
    });
    return [row.filter(({ id }) => id < tokenizer.size && !special.has(id)).slice(0, top)];
  });
  let next = 0;
  const filled = ids.map((id) => (id === mask ? masks[next++]![0]!.id : id));
  const text = isHuggingFace(tokenizer) ? tokenizer.decode(filled, { skipSpecial: true }) : tokenizer.decode(filled);
  return { masks, text };
}

/** A token as a reader knows it: the text that it writes, without the space before it, or its name where that is none. */
const wordOf = (id: number, tokenizer: Tokenizer): string =>
  (isHuggingFace(tokenizer) && tokenizer.decode([id]).trim()) || tokenizer.token(id);

/** The id that stands for a missing word. Throws `ConfigError` for a tokenizer without one. */
export function maskOf({ special: { mask } }: Tokenizer, path: string): number {
  if (mask !== undefined) return mask;
  throw new ConfigError(
    `${path} has no mask among its tokens, so it cannot fill in words. Name a model that \`tenon train --model encoder\` made.`,
  );
}
