import { assemble } from "@tenon/models";
import { Config, families } from "@tenon/pretrained";
import { expect, test } from "vitest";

import { publishedPresets } from "./published-presets.ts";

/** What the config.json of the weights says, as far as it decides what is computed; dropout is the training's. */
const configs: Readonly<Record<string, readonly [architecture: string, config: object]>> = {
  gpt2: [
    "GPT2LMHeadModel",
    {
      ...{ model_type: "gpt2", activation_function: "gelu_new", layer_norm_epsilon: 1e-5, vocab_size: 50257 },
      ...{ n_ctx: 1024, n_embd: 768, n_head: 12, n_layer: 12, n_positions: 1024 },
    },
  ],
  "gpt2-xl": [
    "GPT2LMHeadModel",
    {
      ...{ model_type: "gpt2", activation_function: "gelu_new", layer_norm_epsilon: 1e-5, vocab_size: 50257 },
      ...{ n_ctx: 1024, n_embd: 1600, n_head: 25, n_layer: 48, n_positions: 1024 },
    },
  ],
  "llama-2-7b": [
    "LlamaForCausalLM",
    {
      ...{ model_type: "llama", hidden_act: "silu", hidden_size: 4096, intermediate_size: 11008, rms_norm_eps: 1e-5 },
      ...{ max_position_embeddings: 4096, num_attention_heads: 32, num_hidden_layers: 32, num_key_value_heads: 32 },
      ...{ rope_scaling: null, tie_word_embeddings: false, vocab_size: 32000 },
    },
  ],
  "llama-3.2-1b": [
    "LlamaForCausalLM",
    {
      ...{ model_type: "llama", attention_bias: false, hidden_act: "silu", hidden_size: 2048 },
      ...{ intermediate_size: 8192, max_position_embeddings: 131072, mlp_bias: false, num_attention_heads: 32 },
      ...{ num_hidden_layers: 16, num_key_value_heads: 8, rms_norm_eps: 1e-5, rope_theta: 500000 },
      rope_scaling: {
        ...{ factor: 32, high_freq_factor: 4, low_freq_factor: 1, original_max_position_embeddings: 8192 },
        rope_type: "llama3",
      },
      ...{ tie_word_embeddings: true, vocab_size: 128256 },
    },
  ],
  "bert-base-masked": [
    "BertForMaskedLM",
    {
      ...{ model_type: "bert", hidden_act: "gelu", hidden_size: 768, intermediate_size: 3072, layer_norm_eps: 1e-12 },
      ...{ max_position_embeddings: 512, num_attention_heads: 12, num_hidden_layers: 12, type_vocab_size: 2 },
      ...{ vocab_size: 30522, pad_token_id: 0 },
    },
  ],
  "albert-base": [
    "AlbertModel",
    {
      ...{ model_type: "albert", embedding_size: 128, hidden_act: "gelu_new", hidden_size: 768 },
      ...{ inner_group_num: 1, intermediate_size: 3072, layer_norm_eps: 1e-12, max_position_embeddings: 512 },
      ...{ num_attention_heads: 12, num_hidden_groups: 1, num_hidden_layers: 12, type_vocab_size: 2 },
      ...{ vocab_size: 30000, pad_token_id: 0 },
    },
  ],
  "t5-small": [
    "T5ForConditionalGeneration",
    {
      ...{ model_type: "t5", d_ff: 2048, d_kv: 64, d_model: 512, layer_norm_epsilon: 1e-6, n_positions: 512 },
      ...{
        num_heads: 8,
        num_layers: 6,
        relative_attention_num_buckets: 32,
        vocab_size: 32128,
        is_encoder_decoder: true,
      },
    },
  ],
};

test.each(Object.entries(configs))("%s is the model that its config.json describes", (id, [architecture, json]) => {
  const config = new Config("config.json", { ...json, architectures: [architecture] });
  const family = families.find(({ type }) => type === (json as { model_type: string }).model_type)!;
  const read = assemble(family.spec(config, architecture, () => true)).spec;
  const { spec } = publishedPresets.find((preset) => preset.id === id)!;
  expect(withoutTraining(assemble(spec).spec)).toEqual(withoutTraining(read));
});

/** What a model begins with, and what is dropped while it learns, makes no difference to what it computes. */
function withoutTraining(spec: object): unknown {
  return JSON.parse(JSON.stringify(spec, (key, value: unknown) => (/dropout|initial/i.test(key) ? undefined : value)));
}
