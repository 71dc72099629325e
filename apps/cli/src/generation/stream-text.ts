import type { TokenDecoder, Tokenizer } from "@tenon/tokenizers";
import { type GenerateOptions, generate, type GenerationStatistics, slidingModel } from "@tenon/sampling";

import type { LoadedDecoder } from "../model/load-kind.ts";
import { isHuggingFace } from "./prompt.ts";

/** What came of a generation. */
export interface Streamed {
  readonly text: string;
  readonly ids: readonly number[];
  readonly statistics: GenerationStatistics;
}

/** Continues a prompt, handing each piece of text on as it comes, until it ends by itself or `signal` aborts. */
export async function streamText(
  { model, tokenizer }: LoadedDecoder,
  prompt: readonly number[],
  options: Omit<GenerateOptions, "decoder" | "signal">,
  write: (text: string) => Promise<void>,
  signal: AbortSignal,
): Promise<Streamed> {
  const generation = generate(slidingModel(model), prompt, { ...options, decoder: decoderOf(tokenizer, prompt) });
  const ids: number[] = [];
  let text = "";
  for await (const token of generation) {
    ids.push(token.id);
    text += token.text;
    if (token.text !== "") await write(token.text);
    if (signal.aborted) break;
  }
  return { text, ids, statistics: generation.statistics };
}

/** Writes what comes after a prompt. What a model of Hugging Face says by special tokens is for programs, not for readers. */
function decoderOf(tokenizer: Tokenizer, prompt: readonly number[]): TokenDecoder {
  return isHuggingFace(tokenizer) ? tokenizer.decoder(prompt, { skipSpecial: true }) : tokenizer.decoder();
}
