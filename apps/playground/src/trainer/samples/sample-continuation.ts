import type { Decoder } from "@tenon/models";
import { generate, sample, suppress, temperature, topP } from "@tenon/sampling";
import { ConfigError, random } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import type { SamplePiece } from "../run-state.ts";

/** How many tokens a sample has at most. */
const longest = 60;

/** What a decoder writes after a prompt. Throws `ConfigError` for a prompt that its tokenizer does not know, or that fills its context. */
export async function sampleContinuation(
  model: Decoder,
  tokenizer: Tokenizer,
  prompt: string,
  seed: number,
): Promise<readonly SamplePiece[]> {
  const { end } = tokenizer.special;
  const told = tokenizer.encode(prompt);
  const ids = told.length > 0 ? told : end !== undefined ? [end] : [0];
  const room = model.context - ids.length;
  if (room < 1)
    throw new ConfigError(`the prompt has ${ids.length} tokens, and the context has room for ${model.context}.`);
  const decoder = tokenizer.decoder(ids);
  const beyond = Array.from({ length: model.vocabulary - tokenizer.size }, (_, i) => tokenizer.size + i);
  const tokens = generate(model, ids, {
    maxTokens: Math.min(longest, room),
    transforms: [...(beyond.length > 0 ? [suppress(beyond)] : []), temperature(0.8), topP(0.95)],
    strategy: sample(random(seed)),
    decoder,
    ...(end !== undefined && { stop: [end] }),
  });
  let text = "";
  for await (const token of tokens) text += token.text;
  const ended = tokens.statistics.stopReason === "token";
  return [
    { text: prompt, by: "prompt" },
    { text, by: "model" },
    ...(ended ? [{ text: " (the end)", by: "note" } as const] : []),
  ];
}
