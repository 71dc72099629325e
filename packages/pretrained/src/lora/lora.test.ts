import { parseSafetensors } from "@tenon/checkpoint";
import type { Decoder, Encoder } from "@tenon/models";
import { attachLora, normal, quantizeWeights, storeWeights, unfreeze, type Lora } from "@tenon/nn";
import { ids, random, Scope } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { expectClose } from "../../test/expect-close.ts";
import { expectedOf, goldenContent, goldenFolder } from "../../test/golden-folder.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import { fromPretrained } from "../from-pretrained.ts";
import type { Pretrained } from "../pretrained.ts";
import { loadLora } from "./load-lora.ts";
import { saveLora, type SaveLoraOptions } from "./save-lora.ts";

interface Expected {
  readonly base: string;
  readonly prompts: readonly (readonly number[])[];
  readonly logits: readonly (readonly number[])[];
}
const goldens = ["llama", "llama-patterns", "gpt2", "gpt-neox", "phi3", "bert", "bert-classes"];

/** The logits of some prompts, each by itself. */
async function logitsOf({ model }: Pretrained, prompts: readonly (readonly number[])[]): Promise<number[][]> {
  const { backend, forward } = model as Decoder | Encoder;
  const rows: number[][] = [];
  for (const prompt of prompts) {
    using scope = new Scope();
    const y = scope.run(() => forward.call(model, ids(prompt, [1, prompt.length], backend, { limit: 29 })));
    rows.push([...(await y.read())]);
  }
  return rows;
}
async function expectLogits(loaded: Pretrained, { prompts, logits }: Expected, tolerance?: number): Promise<void> {
  const found = await logitsOf(loaded, prompts);
  logits.forEach((row, i) => expectClose(found[i]!, row, tolerance));
}

interface Saved {
  readonly config: Record<string, unknown>;
  readonly tensors: ReadonlyMap<string, readonly number[]>;
  readonly content: Map<string, Uint8Array>;
}
async function saved(loaded: Pretrained, options?: SaveLoraOptions): Promise<Saved> {
  const content = new Map<string, Uint8Array>();
  await saveLora(loaded, filesInMemory(content), options);
  return read(content);
}
function read(content: Map<string, Uint8Array>): Saved {
  const { tensors } = parseSafetensors(content.get("adapter_model.safetensors")!);
  return {
    content,
    config: JSON.parse(new TextDecoder().decode(content.get("adapter_config.json"))) as Record<string, unknown>,
    tensors: new Map([...tensors].sort().map(([name, tensor]) => [name, [...tensor.toFloat32()]])),
  };
}

describe.each(goldens)("PEFT's adapters of %s", (name) => {
  const expected = expectedOf<Expected>(`lora/${name}`);
  const load = async (): Promise<{ loaded: Pretrained; lora: Lora }> => {
    const loaded = await fromPretrained(goldenFolder(expected.base));
    return { loaded, lora: await loadLora(loaded, goldenFolder(`lora/${name}`)) };
  };

  test("give PEFT's logits, disabled those of the model, merged those of PEFT again", async () => {
    const { loaded, lora } = await load();
    await expectLogits(loaded, expected);
    if (name !== "bert-classes") {
      lora.enabled = false;
      const plain = await logitsOf(await fromPretrained(goldenFolder(expected.base)), expected.prompts);
      expect(await logitsOf(loaded, expected.prompts)).toEqual(plain);
    }
    await lora.merge();
    await expectLogits(loaded, expected);
  });

  test("are saved as they were", async () => {
    const { loaded } = await load();
    const [again, original] = [await saved(loaded), read(goldenContent(`lora/${name}`))];
    expect(again.tensors).toEqual(original.tensors);
    for (const key of [
      "peft_type",
      "r",
      "lora_alpha",
      "lora_dropout",
      "use_rslora",
      "task_type",
      "fan_in_fan_out",
      "bias",
    ])
      expect([key, again.config[key]]).toEqual([key, original.config[key]]);
  });
});

const gpt2 = (): Promise<Pretrained> => fromPretrained(goldenFolder("gpt2"));
const prompts = [
  [2, 5, 9, 13],
  [2, 28],
];
/** Adapters of their own for query and value, of different ranks and scales, and for a map. */
async function learned({ model }: Pretrained, rankStabilised = false): Promise<Lora> {
  const lora = await attachLora(model, {
    rank: (path) => (path.includes("query") ? 1 : 2),
    alpha: (path) => (path.includes("query") ? 3 : 1),
    rankStabilised,
    targets: ["**.query.weight", "**.value.weight", "blocks.1.feedForward.up.weight"],
    random: random(1),
  });
  for (const [path, { adapter }] of lora.weights) adapter.b.initialise(normal(random(2).fork(path), 0.5));
  return lora;
}

test.each([false, true])(
  "adapters of weights that a checkpoint joins become one that computes the same",
  async (stable) => {
    const loaded = await gpt2();
    await learned(loaded, stable);
    const logits = await logitsOf(loaded, prompts);
    const { config, tensors, content } = await saved(loaded, { base: "gpt2" });
    expect([...tensors.keys()]).toEqual(
      ["h.0.attn.c_attn", "h.1.attn.c_attn", "h.1.mlp.c_fc"].flatMap((module) =>
        ["A", "B"].map((side) => `base_model.model.transformer.${module}.lora_${side}.weight`),
      ),
    );
    expect(config).toMatchObject({
      base_model_name_or_path: "gpt2",
      task_type: "CAUSAL_LM",
      r: 3,
      rank_pattern: { "^transformer.h.1.mlp.c_fc": 2 },
      use_rslora: stable,
      fan_in_fan_out: true,
      target_modules: ["transformer.h.0.attn.c_attn", "transformer.h.1.attn.c_attn", "transformer.h.1.mlp.c_fc"],
    });
    const other = await gpt2();
    const again = await loadLora(other, filesInMemory(content));
    expect(again.weights.size).toBe(2 * 3 + 1); // the keys, too, with a change of 0
    (await logitsOf(other, prompts)).forEach((row, i) => expectClose(row, logits[i]!, 1e-6));
  },
);

test("what is trained beside adapters is saved whole, and its place is taken when it is loaded", async () => {
  const loaded = await fromPretrained(goldenFolder("BertForSequenceClassification"));
  const { model } = loaded;
  await attachLora(model, { rank: 1, targets: "**.query.weight", random: random(1) });
  unfreeze(model, "head.output.*");
  model
    .parameters()
    .get("head.output.bias")!
    .assign(new Float32Array(model.parameters().get("head.output.bias")!.type.shape[0]!).fill(7));
  const { config, tensors, content } = await saved(loaded, { storage: "F16" });
  expect(config).toMatchObject({ task_type: "SEQ_CLS", modules_to_save: ["classifier"], target_modules: ["query"] });
  expect([...tensors.keys()].slice(-2)).toEqual([
    "base_model.model.classifier.bias",
    "base_model.model.classifier.weight",
  ]);
  const other = await fromPretrained(goldenFolder("BertForSequenceClassification"));
  await loadLora(other, filesInMemory(content));
  const bias = other.model.parameters().get("head.output.bias")!;
  expect([new Set(await bias.host()), bias.frozen]).toEqual([new Set([7]), false]);
});

test("over weights in 16 bits or in levels, adapters add what they add over f32", async () => {
  const expected = expectedOf<Expected>("lora/llama");
  for (const hold of [
    ({ model }: Pretrained) => storeWeights(model, "f16"),
    ({ model }: Pretrained) => quantizeWeights(model, { bits: 8, group: 4 }),
  ]) {
    const loaded = await fromPretrained(goldenFolder("llama"));
    await hold(loaded);
    await loadLora(loaded, goldenFolder("lora/llama"));
    await expectLogits(loaded, expected, 0.1);
  }
});
