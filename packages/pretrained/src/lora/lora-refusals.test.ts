import { encodeTensor, parseSafetensors, serializeSafetensors } from "@tenon/checkpoint";
import { assemble, llama } from "@tenon/models";
import { attachLora, Part, unfreeze, type WeightAdapter } from "@tenon/nn";
import { cpu, isTenonError, random, type Json, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { goldenContent, goldenFolder } from "../../test/golden-folder.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import { fromPretrained } from "../from-pretrained.ts";
import { savePretrained } from "../save-pretrained.ts";
import { loadLora } from "./load-lora.ts";
import { saveLora } from "./save-lora.ts";

const { model } = await fromPretrained(goldenFolder("llama"));
const paths = [...model.parameters().keys()];

/** The folder of golden adapters with other keys, or other tensors. */
function changed(
  config: Readonly<Record<string, Json>>,
  tensors: Readonly<Record<string, readonly number[] | undefined>> = {},
): Map<string, Uint8Array> {
  const content = goldenContent("lora/llama");
  const values = JSON.parse(new TextDecoder().decode(content.get("adapter_config.json"))) as Record<string, Json>;
  content.set("adapter_config.json", new TextEncoder().encode(JSON.stringify({ ...values, ...config })));
  const all = new Map(
    [...parseSafetensors(content.get("adapter_model.safetensors")!).tensors].map(([name, tensor]) => [
      name,
      encodeTensor(tensor.toFloat32(), tensor.shape),
    ]),
  );
  for (const [name, shape] of Object.entries(tensors)) {
    if (shape === undefined) all.delete(name);
    else all.set(name, encodeTensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape));
  }
  content.set("adapter_model.safetensors", serializeSafetensors(all));
  return content;
}

/** Why a folder is not loaded; nothing has changed then. */
async function refusal(content: Map<string, Uint8Array>): Promise<string> {
  try {
    await loadLora(model, filesInMemory(content, "mine"));
  } catch (error) {
    expect([...model.parameters().keys()]).toEqual(paths);
    expect([...model.parameters().values()].some(({ frozen }) => frozen)).toBe(false);
    if (isTenonError(error, "CheckpointError")) return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("a folder without adapters, and one with pickled ones", async () => {
  expect(await refusal(new Map())).toBe(
    "mine has no adapter_config.json. Name a folder that save_pretrained() of PEFT or saveLora() of Tenon wrote.",
  );
  const content = changed({});
  content.delete("adapter_model.safetensors");
  expect(await refusal(content)).toContain("mine has no adapter_model.safetensors.");
  content.set("adapter_model.bin", new Uint8Array(1));
  expect(await refusal(content)).toContain("mine has its adapters in adapter_model.bin alone, a Python pickle");
});

test.each<[Record<string, Json>, string]>([
  [{ peft_type: "IA3" }, '"peft_type": expected "LORA", the only method that Tenon does; got "IA3"'],
  [{ use_dora: true }, '"use_dora": expected nothing, since Tenon does plain LoRA alone; got true'],
  [{ megatron_config: { tensor: 2 } }, '"megatron_config": expected nothing'],
  [{ of_tomorrow: 3 }, '"of_tomorrow": expected nothing'],
  [{ bias: "all" }, '"bias": expected "none", the only value that Tenon does; got "all"'],
  [
    { init_lora_weights: "pissa" },
    '"init_lora_weights": expected true or false or "gaussian" or "eva" or "orthogonal"',
  ],
  [{ lora_alpha: "4" }, '"lora_alpha": expected a number; got "4"'],
  [{ alpha_pattern: { q_proj: "x" } }, 'alpha_pattern: "q_proj": expected a number; got "x"'],
  [{ alpha_pattern: { "((\\w+)*)*x": 2 } }, "expected a pattern of names, ., \\d+, [0-9]+, (a|b) and up to two .*"],
  [{ alpha_pattern: { ".*.*.*q_proj": 2 } }, "expected a pattern of names"],
])("adapter_config.json with %j", async (config, message) => {
  expect(await refusal(changed(config))).toContain(`mine/adapter_config.json`);
  expect(await refusal(changed(config))).toContain(message);
});

const layer = "base_model.model.model.layers.0";
test.each<[string, Readonly<Record<string, readonly number[] | undefined>>, string]>([
  [
    "an A alone",
    { [`${layer}.self_attn.q_proj.lora_B.weight`]: undefined },
    '"model.layers.0.self_attn.q_proj": there is only A of it',
  ],
  [
    "another shape",
    { [`${layer}.self_attn.q_proj.lora_B.weight`]: [8, 3] },
    '"model.layers.0.self_attn.q_proj": A and B of a weight [8, 8] are [r, 8] and [8, r], not [2, 8] and [8, 3]',
  ],
  [
    "a layer too many",
    { "base_model.model.model.layers.2.self_attn.q_proj.lora_A.weight": [2, 8] },
    '1 that belong to nothing of the model:\n    "base_model.model.model.layers.2.self_attn.q_proj.lora_A.weight"',
  ],
  [
    "a norm",
    Object.fromEntries(["A", "B"].map((side) => [`${layer}.input_layernorm.lora_${side}.weight`, [2, 8]])),
    "what it is here, blocks.0.attentionResidual.norm.weight, cannot be adapted",
  ],
  [
    "an embedding",
    { "base_model.model.model.embed_tokens.lora_embedding_A": [2, 29] },
    "only A and B of linear maps are read",
  ],
  ["a tensor of its own", { "base_model.model.lm_head.weight": [29, 8] }, '"base_model.model.lm_head.weight"'],
])("tensors: %s", async (_, tensors, message) => {
  expect(await refusal(changed({}, tensors))).toContain(
    "adapter_model.safetensors does not fit the model, and nothing was loaded:",
  );
  expect(await refusal(changed({}, tensors))).toContain(message);
});

test("patterns that are plain enough are understood", async () => {
  const { model } = await fromPretrained(goldenFolder("llama"));
  const patterns = { "layers\\.0\\..*.q_proj": 16, "(q|v)_proj": 6, "^model.layers.\\d+.mlp.down_proj$": 2 };
  const { weights } = await loadLora(model, filesInMemory(changed({ alpha_pattern: patterns })));
  expect([...weights].map(([path, { adapter }]) => `${path} ${adapter.alpha}`).sort()).toEqual([
    "blocks.0.attention.query.weight 16",
    "blocks.0.attention.value.weight 6",
    "blocks.0.feedForward.down.weight 2",
    "blocks.1.attention.query.weight 6",
    "blocks.1.attention.value.weight 6",
    "blocks.1.feedForward.down.weight 2",
  ]);
  await expect(loadLora(model, goldenFolder("lora/llama"))).rejects.toThrow(
    "blocks.0.attention.query.weight has an adapter already; merge() or detach() that first",
  );
});

class Nothing extends Part implements WeightAdapter {
  product(_: Tensor, y: Tensor): Tensor {
    return y;
  }
  rows(_: Tensor, y: Tensor): Tensor {
    return y;
  }
  whole(weight: Tensor): Tensor {
    return weight;
  }
}

test("what PEFT's files cannot hold is not saved", async () => {
  const spec = { ...llama({ vocabulary: 29, context: 24, width: 8, layers: 2, heads: 2, hidden: 12 }), tied: true };
  const model = await assemble(spec).to(cpu());
  const none = filesInMemory();
  const save = (): Promise<void> => saveLora(model, none);
  await expect(save()).rejects.toThrow("saveLora: the model has no adapters; attachLora() gives it some");
  const lora = await attachLora(model, { rank: 1, targets: "**.query.weight", random: random(1) });
  await expect(savePretrained(model, none)).rejects.toThrow(
    "the model has adapters on 2 weights, blocks.0.attention.query.weight the first, which such a folder does not hold; saveLora() writes them, merge() makes them part of the weights and detach() takes them off",
  );
  unfreeze(model, "embedding.tokens.table");
  await expect(save()).rejects.toThrow(
    "saveLora: embedding.tokens.table is trained beside the adapters, and shared with another part, which PEFT's format cannot say; freeze() it",
  );
  const second = await attachLora(model, { rank: 1, dropout: 0.5, targets: "**.value.weight", random: random(1) });
  await expect(save()).rejects.toThrow("saveLora: the adapters have different rates of dropout, 0 and 0.5");
  second.detach();
  const table = await attachLora(model, { rank: 1, targets: "embedding.tokens.table", random: random(1) });
  await expect(save()).rejects.toThrow(
    "saveLora: the adapter of embedding.tokens.table is one of a table that is looked up, which PEFT treats in another way, and a tied output not at all; detach() it",
  );
  table.detach();
  lora.detach();
  model.parameters().get("blocks.0.attention.query.weight")!.adapter = new Nothing();
  await expect(save()).rejects.toThrow("is no LowRankAdapter, and PEFT's format has no place for it");
});
