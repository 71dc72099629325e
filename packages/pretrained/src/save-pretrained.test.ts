import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseSafetensors } from "@tenon/checkpoint";
import { assemble, llama } from "@tenon/models";
import { cpu, isTenonError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { goldenFolder } from "../test/golden-folder.ts";
import { tinyLlama } from "../test/tiny-llama.ts";
import { filesInMemory } from "./files/files-in-memory.ts";
import type { WritableFiles } from "./files/writable-files.ts";
import { fromPretrained } from "./from-pretrained.ts";
import { folder } from "./node/folder.ts";
import { savePretrained, type SavePretrainedOptions } from "./save-pretrained.ts";

const sizes = { vocabulary: 29, context: 24, width: 8, layers: 2, heads: 2, hidden: 12 };
const spec = llama(sizes);

/** What saving a model of this spec says, and that nothing was written then. */
async function refusal(spec: unknown, options: SavePretrainedOptions = {}): Promise<string> {
  const content = new Map<string, Uint8Array>();
  const error: unknown = await savePretrained(assemble(spec), filesInMemory(content), options).then(
    () => expect.fail("it was saved"),
    (reason: unknown) => reason,
  );
  if (!isTenonError(error, "ConfigError")) throw error;
  expect(content.size).toBe(0);
  return error.message;
}

const attention = (options: object) => ({ ...spec, attention: { ...spec.attention, ...options } });
const cases: readonly (readonly [family: string, spec: object, key: string])[] = [
  ["llama", { ...spec, logits: { softCap: 30 } }, "logits"],
  ["llama", { ...spec, tokens: { scaled: true } }, "tokens"],
  ["llama", { ...spec, layerGroups: 1 }, "layerGroups"],
  ["llama", attention({ windows: [3] }), "attention.windows"],
  ["llama", attention({ headNorm: true }), "attention.headNorm"],
  ["llama", attention({ gate: "head" }), "attention.gate"],
  ["llama", attention({ sinks: true }), "attention.sinks"],
  ["llama", attention({ scale: 1 }), "attention.scale"],
  ["llama", attention({ softCap: 50 }), "attention.softCap"],
  ["llama", attention({ bias: "input" }), "attention.bias"],
  ["llama", { ...spec, position: { kind: "rotary", fraction: 0.5 } }, "position.fraction"],
  ["llama", { ...spec, position: { kind: "rotary", layout: "interleaved" } }, "position.layout"],
  [
    "llama",
    { ...spec, position: { kind: "rotary", scaling: { kind: "dynamic-ntk", factor: 2, context: 24 } } },
    "context",
  ],
  ["mistral", { ...spec, feedForward: { ...spec.feedForward, bias: true } }, "feedForward.bias"],
  ["mistral", attention({ windows: [3, null] }), "attention.windows"],
  ["qwen2", spec, "attention.bias"],
  ["qwen3", spec, "attention.headNorm"],
  ["gemma", spec, "norm.unitOffset"],
  ["gemma", { ...spec, norm: { ...spec.norm, unitOffset: true }, tokens: { scaled: true, width: 4 } }, "tokens.width"],
  ["gemma2", spec, "residual.kind"],
  ["gemma3_text", attention({ windows: [3] }), "attention.windows"],
  ["phi3", { ...spec, position: { kind: "rotary", scaling: { kind: "linear", factor: 2 } } }, "position.scaling.kind"],
  ["gpt2", spec, "position.kind"],
];
for (const [family, spec, key] of cases)
  test(`${family} refuses a spec by its ${key}`, async () => {
    const message = await refusal(spec, { family });
    expect(message).toContain(`the family "${family}" cannot express this spec: its ${key} is `);
  });

test("a router of one expert is Mixtral's where its weight is 1", async () => {
  const mixture = (softmax: string) => ({
    ...spec,
    attention: { ...spec.attention, bias: false },
    feedForward: { kind: "mixture", experts: 3, expertsPerToken: 1, hidden: 12, softmax },
  });
  expect(await refusal(mixture("all"), { family: "mixtral" })).toContain('its feedForward.softmax is "all"');
  const files = filesInMemory();
  await savePretrained(assemble(mixture("selected")), files, { family: "mixtral" });
  expect((await fromPretrained(files)).model.spec).toMatchObject({ feedForward: { softmax: "selected" } });
});

test("options that contradict the model, or say nothing possible", async () => {
  expect(await refusal(spec, { config: { hidden_size: 16 } })).toBe(
    "savePretrained: config.hidden_size is 16, but the model has 8. Leave out what the model says itself.",
  );
  expect(await refusal(spec, { shardSize: 0 })).toBe(
    "savePretrained: shardSize must be a number of bytes above 0, got 0",
  );
  expect(await refusal(spec, { architecture: "LlamaModel", family: "llama" })).toBe(
    'the family "llama" has no architecture "LlamaModel"; it has LlamaForCausalLM',
  );
});

test("config.json keeps what it was loaded with, but not what is untrue of the copy", async () => {
  const folder = tinyLlama();
  folder.config((config) =>
    Object.assign(config, {
      auto_map: { AutoModel: "code.Model" },
      torch_dtype: "float16",
      pretraining_tp: 2,
      rope_parameters: null,
      // Without a name it is no scaling, and must not stand beside what is said now.
      rope_scaling: { original_max_position_embeddings: 8 },
    }),
  );
  const content = new Map<string, Uint8Array>();
  const config = { eos_token_id: [1, 2], hidden_size: 8 };
  await savePretrained(await fromPretrained(folder.files), filesInMemory(content), { storage: "BF16", config });
  const json = JSON.parse(new TextDecoder().decode(content.get("config.json"))) as Record<string, unknown>;
  expect(json).toMatchObject({ pretraining_tp: 2, rope_scaling: null, dtype: "bfloat16", eos_token_id: [1, 2] });
  expect(Object.keys(json)).not.toContain("auto_map");
  expect(Object.keys(json)).not.toContain("torch_dtype");
});

test("a model is saved as often as one likes, and from the host as from a backend", async () => {
  const save = async (model: ReturnType<typeof assemble>): Promise<Map<string, Uint8Array>> => {
    const content = new Map<string, Uint8Array>();
    await savePretrained(model, filesInMemory(content));
    return content;
  };
  const model = assemble(spec);
  const first = await save(model);
  expect(await save(model)).toEqual(first);
  expect(await save(await model.to(cpu()))).toEqual(first);
});

test("shards are not written beside an older model.safetensors, which would be loaded instead", async () => {
  const content = new Map<string, Uint8Array>();
  const [model, files] = [assemble(spec), filesInMemory(content, "folder")];
  await savePretrained(model, files);
  const before = new Map(content);
  await expect(savePretrained(model, files, { shardSize: 1000 })).rejects.toThrow(
    "folder holds a model.safetensors already, which would be loaded instead of the shards that are to be written. Delete it, or save to another place.",
  );
  expect(content).toEqual(before);
});

test("shards are written to a folder that is not there yet", async () => {
  const place = mkdtempSync(join(tmpdir(), "tenon-"));
  try {
    const files = folder(join(place, "new"));
    await savePretrained(assemble(spec), files, { shardSize: 1000 });
    expect((await fromPretrained(files)).model.spec).toMatchObject({ layers: 2 });
  } finally {
    rmSync(place, { recursive: true });
  }
});

test("when a file cannot be written, what is there cannot be loaded as a model", async () => {
  const names: string[] = [];
  await savePretrained(assemble(spec), recording(names, Infinity), { shardSize: 1000 });
  expect(names.slice(-2)).toEqual(["model.safetensors.index.json", "config.json"]);
  for (let count = 0; count < names.length; count++) {
    const files = recording([], count);
    await expect(savePretrained(assemble(spec), files, { shardSize: 1000 })).rejects.toThrow("the disk is full");
    await expect(fromPretrained(files)).rejects.toThrow("has no config.json");
  }
});

test("a number that F16 cannot hold is named", async () => {
  const { model } = await fromPretrained(goldenFolder("llama"));
  const parameter = model.parameters().get("norm.weight")!;
  parameter.assign(new Float32Array(8).fill(1e6));
  const content = new Map<string, Uint8Array>();
  await expect(savePretrained(model, filesInMemory(content), { storage: "F16" })).rejects.toThrow(
    /"model.norm.weight": element 0 is 1000000, beyond ±65504, the largest F16/,
  );
  expect(content.size).toBe(0);
  await savePretrained(model, filesInMemory(content), { storage: "BF16" });
  expect(parseSafetensors(content.get("model.safetensors")!).tensors.get("model.norm.weight")!.dtype).toBe("BF16");
});

/** Files in memory that can be written so often and no more. */
function recording(names: string[], most: number): ReturnType<typeof filesInMemory> {
  const files = filesInMemory();
  const write: WritableFiles["write"] = (path, pieces) => {
    if (names.length >= most) return Promise.reject(new Error("the disk is full"));
    names.push(path);
    return files.write(path, pieces);
  };
  return { ...files, write };
}
