// Models at the sizes in which they were published: each has as many parameters as its authors count. None of them is made; only its shapes are.
import { assemble } from "@tenon/models";
import type { Json } from "@tenon/tensor";
import { expect, test } from "vitest";

import { Config } from "../config/config.ts";
import { families } from "./families.ts";

type Keys = Readonly<Record<string, Json>>;
type Sizes = readonly [vocabulary: number, width: number, hidden: number, layers: number, heads: number];

const sized = (type: string, [vocabulary, width, hidden, layers, heads]: Sizes, more: Keys = {}): Keys => ({
  model_type: type,
  vocab_size: vocabulary,
  hidden_size: width,
  intermediate_size: hidden,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  ...more,
});
const gpt = (
  type: string,
  vocabulary: number,
  width: number,
  layers: number,
  heads: number,
  context: number,
): Keys => ({
  model_type: type,
  vocab_size: vocabulary,
  n_embd: width,
  n_layer: layers,
  n_head: heads,
  n_positions: context,
});
const neox = (...sizes: Sizes): Keys => sized("gpt_neox", sizes);
const tied = { tie_word_embeddings: true };
const window = { sliding_window: 512 };
const long = { type: "longrope", long_factor: Array<number>(48).fill(1.5), short_factor: Array<number>(48).fill(1) };

const models: Readonly<Record<string, readonly [config: Keys, parameters: number]>> = {
  "openai-gpt": [gpt("openai-gpt", 40478, 768, 12, 12, 512), 116534784],
  gpt2: [gpt("gpt2", 50257, 768, 12, 12, 1024), 124439808],
  "gpt2-xl": [gpt("gpt2", 50257, 1600, 48, 25, 1024), 1557611200],
  "gpt-j-6b": [gpt("gptj", 50400, 4096, 28, 16, 2048), 6050882784],
  "gpt-neo-125m": [
    {
      model_type: "gpt_neo",
      vocab_size: 50257,
      hidden_size: 768,
      num_layers: 12,
      num_heads: 12,
      attention_types: [[["global", "local"], 6]],
    },
    125198592,
  ],
  "pythia-70m": [neox(50304, 512, 2048, 6, 8), 70426624],
  "pythia-160m": [neox(50304, 768, 3072, 12, 12), 162322944],
  "pythia-410m": [neox(50304, 1024, 4096, 24, 16), 405334016],
  "pythia-1b": [neox(50304, 2048, 8192, 16, 8), 1011781632],
  "pythia-1.4b": [neox(50304, 2048, 8192, 24, 16), 1414647808],
  "pythia-2.8b": [neox(50304, 2560, 10240, 32, 32), 2775208960],
  "pythia-6.9b": [neox(50432, 4096, 16384, 32, 32), 6857302016],
  "pythia-12b": [neox(50688, 5120, 20480, 36, 40), 11846072320],
  "gpt-neox-20b": [neox(50432, 6144, 24576, 44, 64), 20554567680],
  "llama-3.2-1b": [
    sized("llama", [128256, 2048, 8192, 16, 32], { num_key_value_heads: 8, head_dim: 64, ...tied }),
    1235814400,
  ],
  "mixtral-8x7b": [sized("mixtral", [32000, 4096, 14336, 32, 32]), 46702792704],
  "qwen2.5-0.5b": [sized("qwen2", [151936, 896, 4864, 24, 14], { num_key_value_heads: 2, ...tied }), 494032768],
  "qwen3-0.6b": [sized("qwen3", [151936, 1024, 3072, 28, 16], { num_key_value_heads: 8, ...tied }), 596049920],
  "gemma-2-2b": [sized("gemma2", [256000, 2304, 9216, 26, 8]), 2614341888],
  "gemma-3-270m": [sized("gemma3_text", [262144, 640, 2048, 18, 4], { num_key_value_heads: 1, ...window }), 268098176],
  "gemma-3-1b": [sized("gemma3_text", [262144, 1152, 6912, 26, 4], { num_key_value_heads: 1, ...window }), 999885952],
  "phi-2": [sized("phi", [51200, 2560, 10240, 32, 32], { partial_rotary_factor: 0.4 }), 2779683840],
  "phi-4-mini": [
    sized("phi3", [200064, 3072, 8192, 32, 24], {
      num_key_value_heads: 8,
      partial_rotary_factor: 0.75,
      max_position_embeddings: 131072,
      rope_scaling: long,
      ...tied,
    }),
    3836021760,
  ],
};

test.each(Object.entries(models))("%s", (_, [keys, parameters]) => {
  const config = new Config("config.json", keys);
  const family = families.find(({ type }) => type === keys["model_type"])!;
  const model = assemble(family.spec(config, family.architectures[0]!, () => false));
  const sizes = [...model.parameters().values()].map(({ type }) => type.shape.reduce((a, b) => a * b, 1));
  expect(sizes.reduce((a, b) => a + b, 0)).toBe(parameters);
});
