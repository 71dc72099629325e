import { ConfigError } from "@tenon/tensor";

import type { LoadedDecoder } from "../model/load-kind.ts";
import { encodeText, startOf } from "./prompt.ts";

/**
 * The ids to go on from: the prompt, as the model reads texts; a conversation of one turn; or a beginning of the model's own. Throws `ConfigError` for a model without
 * a chat template when one is asked for, and what {@link encodeText} throws.
 */
export async function promptIds(loaded: LoadedDecoder, prompt: string | undefined, chat: boolean): Promise<number[]> {
  const { path, tokenizer, model, tokenizerConfig } = loaded;
  if (!chat)
    return prompt === undefined ? startOf(tokenizer) : encodeText(prompt, tokenizer, model.context, "the prompt", true);
  if (prompt === undefined)
    throw new ConfigError("--chat needs something to answer: give it with --prompt, or pipe it in.");
  if (tokenizerConfig === undefined || !("chat_template" in tokenizerConfig))
    throw new ConfigError(
      `${path} has no chat template, so it was not trained to answer. Leave --chat out, and it continues the text.`,
      { path },
    );
  const { chatPrompt } = await import("@tenon/tokenizers/chat");
  const text = chatPrompt([{ role: "user", content: prompt }], { config: tokenizerConfig, addGenerationPrompt: true });
  // The template writes the special tokens itself.
  return encodeText(text, tokenizer, model.context, "the conversation");
}

/** The ids that end a text: the end of what `tenon train` learned from, or what a model's own settings for generation say. */
export function endsOf({ pretrained, training, tokenizer }: LoadedDecoder): number[] {
  if (training !== undefined && pretrained === undefined)
    return [tokenizer.special["end"]].filter((id) => id !== undefined);
  const told = pretrained?.generation?.["eos_token_id"] ?? pretrained?.config["eos_token_id"];
  return [told].flat().filter((id): id is number => typeof id === "number");
}
