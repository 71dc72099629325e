import { assemble, gpt } from "@tenon/models";
import { cpu } from "@tenon/tensor";
import { characterTokenizer, type Tokenizer } from "@tenon/tokenizers";

import type { Origin } from "../src/saved/origin.ts";
import type { SavedModel, TextModel, TrainingRecord } from "../src/saved/saved-model.ts";

export const training: TrainingRecord = {
  tenon: "0.1.0",
  text: "fox.txt",
  tokens: 40,
  step: 3,
  steps: 9,
  batch: 2,
  rate: 0.001,
  seed: 1,
  heldOut: { step: 2, loss: 0.5 },
};
export const text = "the fox ran home, and the owl flew home";
export const sizes = { context: 16, width: 8, layers: 1, heads: 2 };

export const characters: Tokenizer = characterTokenizer(text);

/** A model whose parameters are not those that its spec begins with. */
export const trained = async (spec: object): Promise<TextModel> =>
  assemble(spec, { seed: 7 }).to(cpu()) as Promise<TextModel>;
export const fox = async (): Promise<SavedModel> => ({
  model: await trained(gpt({ ...sizes, vocabulary: characters.size })),
  tokenizer: characters,
  training,
});

export const origin: Origin = {
  name: "somebody/fox",
  family: "llama",
  architecture: "LlamaForCausalLM",
  config: { model_type: "llama", eos_token_id: 0 },
  generation: { temperature: 0.7 },
  tokenizerConfig: { chat_template: "{{ messages }}" },
};
