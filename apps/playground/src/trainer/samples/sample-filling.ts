import type { Encoder } from "@tenon/models";
import { ConfigError, ids as idTensor, Scope, topK } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import type { SamplePiece } from "../run-state.ts";
import { betweenGaps, gap } from "../text/gaps.ts";

/** The words that an encoder finds most probable in the gaps of a prompt. Throws `ConfigError` for a prompt without a gap, or one too long. */
export async function sampleFilling(
  model: Encoder,
  tokenizer: Tokenizer,
  prompt: string,
): Promise<readonly SamplePiece[]> {
  const mask = tokenizer.special["mask"]!;
  const texts = betweenGaps(prompt);
  if (texts.length === 1) throw new ConfigError(`the prompt has no gap. Write ${gap} where a word is missing.`);
  const ids = tokenizer.encode(texts.join(tokenizer.token(mask)));
  if (ids.length > model.context)
    throw new ConfigError(`the prompt has ${ids.length} tokens, and the context has room for ${model.context}.`);
  const special = new Set(Object.values(tokenizer.special));
  const wanted = Math.min(model.vocabulary, 1 + special.size + model.vocabulary - tokenizer.size);
  using scope = new Scope();
  const best = await scope
    .run(() => {
      const input = idTensor(ids, [1, ids.length], model.backend, { limit: model.vocabulary });
      return topK(model.forward(input), wanted)[1]; // [1, t, v] → [1, t, k]
    })
    .read();
  const words = ids.flatMap((id, place) => {
    if (id !== mask) return [];
    const row = Array.from(best.subarray(place * wanted, (place + 1) * wanted));
    return [tokenizer.decode([row.find((each) => each < tokenizer.size && !special.has(each))!]).trim()];
  });
  return texts.flatMap((text, i): SamplePiece[] => [
    { text, by: "prompt" },
    ...(i < words.length ? [{ text: words[i]!, by: "model" } as const] : []),
  ]);
}
