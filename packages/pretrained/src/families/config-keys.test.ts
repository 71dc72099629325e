// What single keys of a config say: where they are missing, null, spelt as they once were, or not what Tenon does.
import type { DecoderSpec } from "@tenon/models";
import { isTenonError, type Json } from "@tenon/tensor";
import { expect, test } from "vitest";

import { published } from "../../test/published.ts";
import { tinyLlama } from "../../test/tiny-llama.ts";
import { Config } from "../config/config.ts";
import { fromPretrained } from "../from-pretrained.ts";
import { families } from "./families.ts";

/** The spec of a published config with some keys changed; one that is undefined is left out. */
function specOf(name: string, change: Record<string, Json | undefined> = {}): DecoderSpec {
  const changed = Object.entries({ ...published.models[name]!.config, ...change }).filter(
    ([, value]) => value !== undefined,
  );
  const config = new Config("config.json", Object.fromEntries(changed));
  const family = families.find(({ type }) => type === config.values["model_type"])!;
  return family.spec(config, family.architectures[0]!, () => false) as DecoderSpec;
}
function refusal(name: string, change: Record<string, Json>): string {
  try {
    specOf(name, change);
  } catch (error) {
    if (isTenonError(error, "CheckpointError")) return error.message;
    throw error;
  }
  return expect.fail("it was read");
}

test("what is missing is what the family's class has by default; what is null is nothing", () => {
  expect(specOf("mistral-v0.1", { sliding_window: undefined }).attention["windows"]).toEqual([4096]);
  expect(specOf("mistral-v0.1", { sliding_window: null }).attention["windows"]).toBeUndefined();
  expect(specOf("mistral-v0.1", { num_key_value_heads: undefined }).attention["keyValueHeads"]).toBe(8);
  expect(specOf("mistral-v0.1", { num_key_value_heads: null }).attention["keyValueHeads"]).toBe(2);
  expect(specOf("mixtral-8x7b", { sliding_window: undefined }).attention["windows"]).toBeUndefined();
  expect(specOf("mixtral-8x7b", { rope_theta: undefined }).position["base"]).toBe(1e6);
  expect(specOf("mixtral-8x7b", { rms_norm_eps: undefined }).norm["epsilon"]).toBe(1e-5);
  expect(specOf("phi-4", { rms_norm_eps: undefined }).norm["epsilon"]).toBe(1e-5);
  expect(specOf("gemma-2-2b", { final_logit_softcapping: undefined }).logits).toEqual({ softCap: 30 });
  expect(specOf("gemma-2-2b", { final_logit_softcapping: null }).logits).toBeUndefined();
  expect(specOf("gemma-2-2b", { attn_logit_softcapping: undefined }).attention["softCap"]).toBe(50);
  expect(specOf("gemma-2-2b", { sliding_window: undefined }).attention["windows"]).toEqual([4096, null]);
  expect(specOf("gemma-3-1b", { rope_theta: undefined, rope_local_base_freq: undefined }).position).toMatchObject({
    base: 1e6,
    local: { base: 10000, every: 6 },
  });
  expect(specOf("qwen3-0.6b", { head_dim: undefined }).attention["headWidth"]).toBe(128);
  for (const [name, tied] of [
    ["llama-3.2-1b", false],
    ["gemma-2b", true],
    ["gpt2", true],
    ["pythia-70m", false],
  ] as const)
    expect(specOf(name, { tie_word_embeddings: undefined }).tied).toBe(tied);
});

test("a window that is told and not used is none", () => {
  expect(specOf("qwen2.5-0.5b", { use_sliding_window: undefined }).attention["windows"]).toBeUndefined();
  expect(
    specOf("qwen2.5-0.5b", { use_sliding_window: true, max_window_layers: 2 }).attention["windows"],
  ).toBeUndefined();
  expect(specOf("qwen2.5-0.5b", { use_sliding_window: true, max_window_layers: 0 }).attention["windows"]).toEqual([
    32768,
  ]);
});

test("scalings go by their old names, too", () => {
  const rope = published.models["phi-3.5-mini"]!.config["rope_scaling"] as Record<string, Json>;
  expect(specOf("phi-3.5-mini", { rope_scaling: { ...rope, type: "su" } })).toEqual(specOf("phi-3.5-mini"));
  const { factor } = published.models["vicuna-16k"]!.config["rope_scaling"] as { factor: number };
  const position = { kind: "rotary", base: 10000, fraction: 1, scaling: { kind: "linear", factor } };
  expect(specOf("vicuna-16k").position).toEqual(position);
  const now = { rope_type: "linear", factor, rope_theta: 10000 };
  expect(specOf("vicuna-16k", { rope_scaling: null, rope_parameters: now }).position).toEqual(position);
});

test("the length of the training beside a scaling goes before the one within", () => {
  const rope_scaling = { type: "yarn", factor: 2, original_max_position_embeddings: 8 };
  const context = (change: Record<string, Json>): unknown =>
    (specOf("yarn-llama-2", { rope_scaling, ...change }).position["scaling"] as { context: number }).context;
  expect(context({})).toBe(8);
  expect(context({ original_max_position_embeddings: 4 })).toBe(4);
  expect(context({ rope_scaling: { type: "yarn", factor: 2 } })).toBe(16);
});

test("with dynamic NTK a text may be longer than those of the training", () => {
  const { context, position } = specOf("llama, dynamic");
  expect([context, position["scaling"]]).toEqual([16, { kind: "dynamic-ntk", factor: 2, context: 8 }]);
});

test("two notations of one thing must not contradict each other", () => {
  const rope_parameters = { rope_type: "default", rope_theta: 10000 };
  expect(refusal("qwen2.5-yarn", { rope_parameters })).toMatch(
    /^config.json: "rope_scaling": expected nothing, or what "rope_parameters" says; got \{"factor":4,/,
  );
});

test.each([
  ["llama-3.1-8b", { rope_interleaved: true }, '"rope_interleaved": expected false'],
  [
    "llama-3.1-8b",
    { rope_scaling: { type: "ntk", alpha: 4 } },
    'rope_scaling: "type": expected one of default, linear,',
  ],
  [
    "llama-3.1-8b",
    { rope_scaling: { factor: 4 } },
    'rope_scaling: "rope_type": expected the name of a scaling, since there is a "factor"; got nothing',
  ],
  ["llama-3.1-8b", { hidden_act: "gelu_10" }, '"hidden_act": expected one of gelu,'],
  [
    "qwen2.5-0.5b",
    { layer_types: ["full_attention", "sliding_attention"] },
    '"layer_types": expected "full_attention" alone while "use_sliding_window" is not true',
  ],
  ["qwen2.5-0.5b", { use_mrope: true }, '"use_mrope": expected false'],
  ["gemma-2b", { use_bidirectional_attention: true }, '"use_bidirectional_attention": expected false'],
  [
    "gemma-3-1b",
    { layer_types: ["full_attention", ...Array<string>(6).fill("sliding_attention")] },
    '"layer_types": expected sliding layers and one full one in turn',
  ],
  ["gemma-3-1b", { layer_types: ["full_attention"] }, '"layer_types": expected 7 names, one for each layer'],
  [
    "gemma-3-1b",
    { rope_parameters: { sliding_attention: { rope_type: "linear", factor: 2 } } },
    'rope_parameters: sliding_attention: "rope_type": expected "default"',
  ],
  ["phi-1.5", { qk_layernorm: true }, '"qk_layernorm": expected false'],
  ["phi-1.5", { tie_word_embeddings: true }, '"tie_word_embeddings": expected false'],
  ["phi-4-mini", { lm_head_bias: true }, '"lm_head_bias": expected false'],
  ["gpt2", { scale_attn_by_inverse_layer_idx: true }, '"scale_attn_by_inverse_layer_idx": expected false'],
  ["gpt2", { scale_attn_weights: false }, '"scale_attn_weights": expected true'],
  ["gpt2", { add_cross_attention: true }, '"add_cross_attention": expected false'],
  ["gpt-neo, as types", { attention_types: [[["global"], 1e9]] }, '"attention_types": expected 3 names'],
  [
    "gpt-neo, as types",
    { attention_types: [["global", 3]] },
    '"attention_types": expected a list of runs of "global" or "local"',
  ],
  ["gpt-neo, as types", { attention_types: [[["global"], 2]] }, '"attention_types": expected 3 names'],
] as const)("%s with %j is refused", (name, change, message) => {
  expect(refusal(name, change as unknown as Record<string, Json>)).toContain(`config.json: ${message}`);
});

test("a quantised model is refused by the key that says so", async () => {
  const told = async (change: Record<string, unknown>): Promise<string> => {
    const folder = tinyLlama();
    folder.config((config) => void Object.assign(config, change));
    return fromPretrained(folder.files).then(
      () => "loaded",
      (error: Error) => error.message,
    );
  };
  expect(await told({ quantization_config: { quant_method: "bitsandbytes", load_in_4bit: true } })).toBe(
    'folder/config.json: "quantization_config": the weights were quantised by "bitsandbytes", and Tenon reads safetensors only as they are. Load the model that it was made from.',
  );
  expect(await told({ quantization: { group_size: 64, bits: 4 } })).toMatch(
    /"quantization": the weights were quantised, and/,
  );
  expect(await told({ quantization_config: null })).toBe("loaded");
  // Of several classes the one that Tenon has.
  expect(await told({ architectures: ["LlamaForSomething", "LlamaForCausalLM"] })).toBe("loaded");
  expect(await told({ architectures: null })).toBe("loaded");
});
