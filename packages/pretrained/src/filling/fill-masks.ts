import type { Encoder } from "@tenon/models";
import { ConfigError, ids as idTensor, Scope, softmax, topK } from "@tenon/tensor";
import type { HuggingFaceTokenizer, Tokenizer } from "@tenon/tokenizers";

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

/** How masks are filled. */
export interface FillMasksOptions {
  /** How many words for each mask, 5 by default; special tokens are not among them. */
  readonly top?: number | undefined;
}

/**
 * What an encoder with a masked-language head thinks of each mask in a text, from one pass: softmax over the vocabulary at every place where the ids have the tokenizer's mask.
 * Special tokens, and ids that the tokenizer has no token for, are left out of the candidates; the probabilities are those of the whole vocabulary.
 *
 * Throws `ConfigError` for a tokenizer without a mask, and for a model with another head.
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers for language understanding".
 *
 * @param ids the text, with the mask's id where words are missing
 *
 * @example
 * ```ts
 * const tokenizer = wordTokenizer("Mia ran home", { special: { mask: "[MASK]" } });
 * const spec = bert({ vocabulary: tokenizer.size, context: 8, width: 8, layers: 1, heads: 2 });
 * const model = await assemble(spec, { seed: 1 }).to(cpu());
 * const { masks } = await fillMasks(model, tokenizer, tokenizer.encode("Mia [MASK] home"), { top: 3 });
 * console.log(masks.length, masks[0]!.length); // 1 3
 * ```
 */
export async function fillMasks(
  model: Encoder,
  tokenizer: Tokenizer,
  ids: readonly number[],
  { top = 5 }: FillMasksOptions = {},
): Promise<Filling> {
  const { mask } = tokenizer.special;
  if (mask === undefined)
    throw new ConfigError(`fillMasks: the ${tokenizer.kind} tokenizer has no mask among its special tokens`);
  const head = model.spec.head?.kind ?? "masked-language";
  if (head !== "masked-language")
    throw new ConfigError(`fillMasks takes an encoder with a head of the kind "masked-language", got "${head}"`, {
      head,
    });
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

const isHuggingFace = (tokenizer: Tokenizer): tokenizer is HuggingFaceTokenizer => tokenizer.kind === "hugging-face";
