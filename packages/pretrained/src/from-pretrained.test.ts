import { cpu, isTenonError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { tinyLlama, zeros, type Folder } from "../test/tiny-llama.ts";
import { fromPretrained } from "./from-pretrained.ts";
import { filesInMemory } from "./files/files-in-memory.ts";
import { savePretrained } from "./save-pretrained.ts";

/** What loading a spoilt folder says; and that it leaves nothing on the backend. */
async function refusal(spoil: (folder: Folder) => void, name?: string): Promise<string> {
  const folder = tinyLlama(name);
  spoil(folder);
  const backend = cpu();
  const error: unknown = await fromPretrained(folder.files, { backend }).then(
    () => expect.fail("it was loaded"),
    (reason: unknown) => reason,
  );
  if (!isTenonError(error, "CheckpointError")) throw error;
  expect(backend.memory().bytes).toBe(0);
  return error.message;
}

test("a folder without a config, or with one that is no JSON", async () => {
  expect(await refusal(({ content }) => content.delete("config.json"))).toBe(
    "folder has no config.json. Name a folder that save_pretrained() of Hugging Face or savePretrained() of Tenon wrote.",
  );
  expect(await refusal(({ content }) => content.set("config.json", new TextEncoder().encode("{")))).toBe(
    "folder/config.json is not valid JSON. Download it again.",
  );
  expect(await refusal(({ json }) => json("config.json", []))).toBe(
    "folder/config.json holds no JSON object. Download it again.",
  );
});

test("what a config says and Tenon does not do is refused by its key", async () => {
  const told = (change: Record<string, unknown>): Promise<string> =>
    refusal(({ config }) => config((json) => void Object.assign(json, change)));
  expect(await told({ model_type: "mamba" })).toMatch(
    /^folder\/config.json: "model_type": expected one of llama, mistral, .*; got "mamba"$/,
  );
  expect(await told({ architectures: ["LlamaForTokenClassification"] })).toBe(
    'folder/config.json: "architectures": expected one of LlamaForCausalLM; got ["LlamaForTokenClassification"]',
  );
  expect(await told({ hidden_size: undefined })).toBe(
    'folder/config.json: "hidden_size": expected a whole number from 1 up; got nothing',
  );
  expect(await told({ hidden_size: 8.5 })).toBe(
    'folder/config.json: "hidden_size": expected a whole number from 1 up; got 8.5',
  );
  expect(await told({ rope_interleaved: true })).toBe(
    'folder/config.json: "rope_interleaved": expected false, the only value that Tenon does; got true',
  );
  expect(await told({ hidden_act: "xielu" })).toMatch(/"hidden_act": expected one of gelu, .*; got "xielu"$/);
  expect(await told({ rope_parameters: { rope_type: "proportional" } })).toBe(
    'folder/config.json: rope_parameters: "rope_type": expected one of default, linear, dynamic, yarn, longrope, su, llama3; got "proportional"',
  );
  expect(await told({ num_attention_heads: 3 })).toMatch(
    /^folder\/config.json describes a model that cannot be assembled: spec\./,
  );
});

test("absurd sizes are refused before anything of that size is made", async () => {
  const told = (change: Record<string, unknown>): Promise<string> =>
    refusal(({ config }) => config((json) => void Object.assign(json, change)));
  expect(await told({ vocab_size: 2 ** 31 - 1 })).toBe(
    "folder/config.json describes a model whose vocabulary is 2147483647, but the largest size of a tensor in folder/model.safetensors is 29. Download the model again, or correct its config.json.",
  );
  expect(await told({ hidden_size: 2 ** 30, head_dim: 2 ** 29, intermediate_size: 2 ** 30 })).toMatch(
    /whose width is 1073741824, but/,
  );
  expect(await told({ num_hidden_layers: 1e9 })).toBe(
    'folder/config.json: "num_hidden_layers": expected a whole number from 1 to 10000; got 1000000000',
  );
  expect(await told({ num_hidden_layers: 1000 })).toMatch(
    /describes a model of 1000 layers, but .* has only 21 tensors/,
  );
  expect(await told({ max_position_embeddings: 2 ** 53 })).toMatch(
    /"max_position_embeddings": expected a whole number/,
  );
});

test("tensors that are missing, left over, of another shape or dtype are listed, all at once", async () => {
  const message = await refusal(({ tensors }) =>
    tensors((found) => {
      found.delete("model.norm.weight");
      found.set("model.layers.7.mlp.up_proj.weight", zeros(12, 8));
      found.set("lm_head.weight", zeros(8, 29));
      found.set("model.embed_tokens.weight", { dtype: "I32", shape: [29, 8], bytes: new Uint8Array(29 * 8 * 4) });
    }),
  );
  expect(message)
    .toBe(`folder/model.safetensors does not fit the model that its config.json describes, and nothing was loaded:
  1 missing from the checkpoint:
    "model.norm.weight"
  1 in the checkpoint but not in the model:
    "model.layers.7.mlp.up_proj.weight"
  2 not fitting:
    "model.embed_tokens.weight": its dtype is I32; weights are read from F32, F16, BF16, F64
    "lm_head.weight": the model asks for [29, 8], the checkpoint has [8, 29]
Download the model again, or correct its config.json.`);
});

test("weights that are pickled are not opened", async () => {
  const message = await refusal(({ content }) => {
    content.set("pytorch_model.bin", content.get("model.safetensors")!);
    content.delete("model.safetensors");
  });
  expect(message).toMatch(
    /^folder has its weights in pytorch_model.bin alone, a Python pickle, which could run any program and is not read. Convert it/,
  );
  expect(await refusal(({ content }) => content.delete("model.safetensors"))).toMatch(
    /^folder has neither model.safetensors nor model.safetensors.index.json/,
  );
});

test("a tied model may hold its table twice, if both say the same", async () => {
  const folder = tinyLlama("llama-3");
  folder.tensors((found) => found.set("lm_head.weight", found.get("model.embed_tokens.weight")!));
  expect((await fromPretrained(folder.files)).model.spec).toMatchObject({ tied: true });
  const message = await refusal(
    ({ tensors }) => tensors((found) => found.set("lm_head.weight", zeros(29, 8))),
    "llama-3",
  );
  expect(message).toMatch(
    /the config says that "lm_head.weight" and "model.embed_tokens.weight" are one \(tie_word_embeddings\)/,
  );
});

test("a checkpoint without the beginning of its names is that of the model without its head, and loads where the head is tied", async () => {
  const folder = tinyLlama("llama-3");
  folder.tensors((found) => {
    for (const [name, tensor] of [...found]) {
      found.delete(name);
      found.set(name.replace("model.", ""), tensor);
    }
  });
  const [once, again] = [await fromPretrained(tinyLlama("llama-3").files), await fromPretrained(folder.files)];
  for (const [path, parameter] of once.model.parameters())
    expect(await again.model.parameters().get(path)!.host()).toEqual(await parameter.host());
});

test("in shards: saved, loaded, and refused where the index lies", async () => {
  const content = new Map<string, Uint8Array>();
  await savePretrained(await fromPretrained(tinyLlama().files), filesInMemory(content), { shardSize: 2000 });
  const shards = [...content.keys()].filter((path) => path.endsWith(".safetensors"));
  expect(shards.length).toBeGreaterThan(2);
  expect(shards[0]).toBe(`model-00001-of-0000${shards.length}.safetensors`);
  const [once, again] = [await fromPretrained(tinyLlama().files), await fromPretrained(filesInMemory(content))];
  for (const [path, parameter] of once.model.parameters())
    expect(await again.model.parameters().get(path)!.host()).toEqual(await parameter.host());

  const index = "model.safetensors.index.json";
  const map = (JSON.parse(new TextDecoder().decode(content.get(index))) as { weight_map: Record<string, string> })
    .weight_map;
  const spoilt = async (change: (weights: Record<string, unknown>) => void): Promise<string> => {
    const weight_map: Record<string, unknown> = { ...map };
    change(weight_map);
    const copy = new Map(content).set(index, new TextEncoder().encode(JSON.stringify({ weight_map })));
    return fromPretrained(filesInMemory(copy, "folder")).then(
      () => "loaded",
      (error: Error) => error.message,
    );
  };
  const first = Object.keys(map)[0]!;
  const at = `folder/${index}: `;
  expect(await spoilt((weights) => (weights[first] = "../secret.safetensors"))).toBe(
    `${at}tensor "${first}" is said to be in "../secret.safetensors", which is no name of a .safetensors file. Download the model again.`,
  );
  expect(await spoilt((weights) => (weights[first] = "model-9.safetensors"))).toBe(
    `${at}the file model-9.safetensors that it names is missing. Download the model again.`,
  );
  expect(await spoilt((weights) => (weights["another"] = shards[0]))).toBe(
    `${at}${shards[0]} has no tensor "another". Download the model again.`,
  );
  expect(await spoilt((weights) => delete weights[first])).toBe(
    `${at}${shards[0]} has a tensor "${first}" that the index does not name. Download the model again.`,
  );
  expect(await spoilt((weights) => (weights[first] = 3))).toMatch(/is said to be in 3,/);
});

test("progress is told for each parameter; when it is aborted, nothing is left", async () => {
  const told: number[] = [];
  const { model } = await fromPretrained(tinyLlama().files, { onProgress: ({ parameters }) => told.push(parameters) });
  expect(told).toEqual(Array.from({ length: model.parameters().size }, (_, i) => i + 1));
  const [backend, stop] = [cpu(), new AbortController()];
  const loading = fromPretrained(tinyLlama().files, {
    backend,
    signal: stop.signal,
    onProgress: () => stop.abort(new Error("enough")),
  });
  await expect(loading).rejects.toThrow("enough");
  expect(backend.memory().bytes).toBe(0);
});

test("a file that fails in the middle leaves no half of a model", async () => {
  const { files } = tinyLlama();
  const backend = cpu();
  let reads = 0;
  const failing: typeof files = {
    name: files.name,
    async open(path) {
      const file = await files.open(path);
      if (file === undefined || !path.endsWith(".safetensors")) return file;
      return {
        ...file,
        read: (begin, end) => (++reads > 9 ? Promise.reject(new Error("the disk is gone")) : file.read(begin, end)),
      };
    },
  };
  await expect(fromPretrained(failing, { backend })).rejects.toThrow("the disk is gone");
  expect(backend.memory().bytes).toBe(0);
});

test("a spoilt generation_config.json is found before anything is placed", async () => {
  expect(await refusal(({ content }) => content.set("generation_config.json", new TextEncoder().encode("{")))).toBe(
    "folder/generation_config.json is not valid JSON. Download it again.",
  );
});
