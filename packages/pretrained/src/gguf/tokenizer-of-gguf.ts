import type { GgufMetadata } from "@tenon/checkpoint";
import type { Json } from "@tenon/tensor";

import { byteLevelTokenizer } from "./byte-level-tokenizer.ts";
import { GgufVocabulary } from "./gguf-vocabulary.ts";
import { sentencePieceTokenizer } from "./sentence-piece-tokenizer.ts";
import { ggufProblem } from "./gguf-problem.ts";

/**
 * The tokenizer of a GGUF file as the tokenizer.json that Hugging Face has of the same one: byte-level BPE (`tokenizer.ggml.model` "gpt2") with the splits of GPT-2,
 * Llama 3, Qwen 2 or SmolLM, and SentencePiece's BPE ("llama").
 *
 * Throws `CheckpointError` for another kind or another split, and for a vocabulary that contradicts itself, naming the key.
 *
 * @param file what to call the file in messages
 * @example
 * ```ts
 * const metadata = new Map<string, GgufValue>([
 *   ["tokenizer.ggml.model", "gpt2"],
 *   ["tokenizer.ggml.pre", "gpt-2"],
 *   ["tokenizer.ggml.tokens", ["a", "b", "ab"]],
 *   ["tokenizer.ggml.merges", ["a b"]],
 * ]);
 * const { model } = tokenizerOfGguf(metadata, "m.gguf") as { model: { merges: Json } };
 * console.log(model.merges); // [ [ 'a', 'b' ] ]
 * ```
 */
export function tokenizerOfGguf(metadata: GgufMetadata, file: string): Readonly<Record<string, Json>> {
  const vocabulary = new GgufVocabulary(metadata, file);
  const kind = metadata.get("tokenizer.ggml.model");
  if (kind === "gpt2") return byteLevelTokenizer(vocabulary);
  if (kind === "llama") return sentencePieceTokenizer(vocabulary);
  throw ggufProblem(
    file,
    "tokenizer.ggml.model",
    '"gpt2" or "llama", the kinds of tokenizer that Tenon reads from GGUF',
    kind,
  );
}
