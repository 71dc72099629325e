// Tiny random models that sentence-transformers wrote, and the vectors that it gave: goldens/sentences.py.
import { parseSafetensors } from "@tenon/checkpoint";
import { Encoder } from "@tenon/models";
import { cpu, ids, isTenonError, random, tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { expectClose } from "../../test/expect-close.ts";
import { expectedOf, goldenContent, goldenFolder } from "../../test/golden-folder.ts";
import { spoil } from "../../test/spoil.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import { fromPretrained } from "../from-pretrained.ts";
import { savePretrained } from "../save-pretrained.ts";

interface Expected {
  readonly prompts: readonly (readonly number[])[];
  readonly pooled: readonly (readonly number[])[];
}
type Content = Map<string, Uint8Array | Blob>;

const names = ["sentences-mean", "sentences-dense", "sentences-first", "sentences-last"];

describe.each(names)("%s", (name) => {
  test("its vectors, with padding at the end", async () => {
    const { prompts, pooled } = expectedOf<Expected>(name);
    const { model } = await fromPretrained(goldenFolder(name));
    if (!(model instanceof Encoder)) throw new Error(`${name} is no encoder`);
    const longest = Math.max(...prompts.map(({ length }) => length));
    const padded = prompts.flatMap((row) => [...row, ...Array<number>(longest - row.length).fill(7)]);
    const lengths = prompts.map(({ length }) => length);
    const vectors = model.forward(ids(padded, [prompts.length, longest], model.backend, { limit: model.vocabulary }), {
      lengths: tensor(lengths, [lengths.length], model.backend, "i32"),
    });
    expect(vectors.shape).toEqual([prompts.length, pooled[0]!.length]);
    expectClose(await vectors.read(), pooled.flat());
  });

  test("how texts are treated", async () => {
    const { sentences } = await fromPretrained(goldenFolder(name));
    expect(sentences).toEqual({
      maxTokens: 8,
      lowerCase: false,
      prompts: { query: "w5 ", document: "" },
      defaultPrompt: undefined,
    });
  });

  test("saved again it has the same tensors, and is read as it was", async () => {
    const content: Content = new Map();
    const loaded = await fromPretrained(goldenFolder(name));
    await savePretrained(loaded, filesInMemory(content));
    const before = goldenContent(name);
    const weights = [...before.keys()].filter((path) => path.endsWith(".safetensors"));
    expect([...content.keys()].filter((path) => path.endsWith(".safetensors")).sort()).toEqual(weights.sort());
    for (const path of weights) {
      const read = (bytes: unknown) => parseSafetensors(bytes as Uint8Array, { name: path }).tensors;
      const once = [...read(before.get(path))].filter(([key]) => !key.startsWith("pooler."));
      const again = read(content.get(path));
      expect([...again.keys()].sort()).toEqual(once.map(([key]) => key).sort());
      for (const [key, { shape, bytes }] of once) expect(again.get(key), key).toMatchObject({ shape, bytes });
    }
    for (const path of [...before.keys()].filter((path) => path.endsWith("_Dense/config.json"))) {
      expect(decoded<object>(before, path)).toMatchObject(decoded<object>(content, path));
    }
    const reloaded = await fromPretrained(filesInMemory(content));
    expect(reloaded.model.spec).toEqual(loaded.model.spec);
    expect(reloaded.sentences).toEqual(loaded.sentences);
    expect(reloaded.architecture).toBe(loaded.architecture);
    // The model alone is enough, without what it was loaded with.
    const alone: Content = new Map();
    await savePretrained(loaded.model, filesInMemory(alone));
    expect((await fromPretrained(filesInMemory(alone))).model.spec).toEqual(loaded.model.spec);
  });
});

const encoded = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const decoded = <T>(content: Content, path: string): T =>
  JSON.parse(new TextDecoder().decode(content.get(path) as Uint8Array)) as T;

/** A golden folder after a change. */
function changed(name: string, change: (content: Content) => void): Content {
  const content: Content = goldenContent(name);
  change(content);
  return content;
}
/** What loading a spoilt folder says. */
async function refusal(name: string, spoil: (content: Content) => void): Promise<string> {
  const error: unknown = await fromPretrained(filesInMemory(changed(name, spoil), "folder")).then(
    () => expect.fail("it was loaded"),
    (reason: unknown) => reason,
  );
  if (!isTenonError(error, "CheckpointError")) throw error;
  return error.message;
}
const types = (...kinds: string[]): unknown[] =>
  kinds.map((kind, i) => ({
    idx: i,
    type: `sentence_transformers.models.${kind}`,
    path: i === 0 ? "" : `${i}_${kind}`,
  }));

test("the notation of older versions: flags of the pooling, a folder for the transformer", async () => {
  const { model } = await fromPretrained(goldenFolder("sentences-mean"));
  const content = changed("sentences-mean", (content) => {
    for (const path of ["config.json", "model.safetensors", "tokenizer_config.json"]) {
      content.set(`0_Transformer/${path}`, content.get(path)!);
      content.delete(path);
    }
    content.delete("config_sentence_transformers.json");
    content.delete("sentence_bert_config.json");
    content.set("0_Transformer/sentence_bert_config.json", encoded({ max_seq_length: 5, do_lower_case: true }));
    content.set(
      "1_Pooling/config.json",
      encoded({ word_embedding_dimension: 8, pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }),
    );
    const modules = decoded<{ path: string }[]>(content, "modules.json");
    modules[0]!.path = "0_Transformer/";
    content.set("modules.json", encoded(modules));
  });
  const loaded = await fromPretrained(filesInMemory(content));
  expect(loaded.model.spec).toEqual({
    ...model.spec,
    head: { kind: "sentence", pooling: "first", normalise: true },
  });
  expect(loaded.sentences).toMatchObject({ maxTokens: 5, lowerCase: true });
});

test("a transformer that was taken from a model with a head", async () => {
  const content = changed("BertForMaskedLM", (content) => {
    content.set("modules.json", encoded(types("Transformer", "Pooling")));
    content.set("1_Pooling/config.json", encoded({ pooling_mode: ["mean"] }));
  });
  const { model, architecture } = await fromPretrained(filesInMemory(content));
  expect(architecture).toBe("BertModel");
  const masked = await fromPretrained(goldenFolder("BertForMaskedLM"));
  const path = "blocks.1.feedForward.up.weight";
  expect(await model.parameters().get(path)!.host()).toEqual(await masked.model.parameters().get(path)!.host());
});

test("what Tenon does not do is refused by its name", async () => {
  const modules = (value: unknown): Promise<string> =>
    refusal("sentences-mean", (content) => content.set("modules.json", encoded(value)));
  expect(await modules({})).toBe("folder/modules.json: expected a list of modules. Download it again.");
  expect(await modules(types("Transformer", "Pooling", "LayerNorm"))).toBe(
    "folder/modules.json: expected the modules Transformer, Pooling, any number of Dense and at most one Normalize, in this order, which are all that Tenon does; got Transformer, Pooling, LayerNorm",
  );
  expect(await modules(types("WordEmbeddings", "Pooling"))).toContain("got WordEmbeddings, Pooling");
  expect(await modules(types("Transformer", "Pooling", "Normalize", "Dense"))).toContain("got Transformer,");
  expect(await modules([{ type: 3 }])).toBe('folder/modules.json: 0: "type": expected a string; got 3');
  expect(await modules([{ type: "a.Transformer", path: "../../etc" }, ...types("x", "Pooling").slice(1)])).toContain(
    'folder: "../../etc/sentence_bert_config.json" is no path inside of it',
  );
  const pooling = (value: unknown): Promise<string> =>
    refusal("sentences-mean", (content) => content.set("1_Pooling/config.json", encoded(value)));
  expect(await pooling({ pooling_mode: "weightedmean" })).toBe(
    'folder/1_Pooling/config.json: "pooling_mode": expected one of mean, cls, max, lasttoken; got "weightedmean"',
  );
  expect(await pooling({ pooling_mode: ["mean", "max"] })).toContain(
    "expected one of mean, cls, max, lasttoken; got [",
  );
  expect(await pooling({ pooling_mode_mean_tokens: true, pooling_mode_max_tokens: true })).toBe(
    'folder/1_Pooling/config.json: "pooling_mode_max_tokens": expected false beside "pooling_mode_mean_tokens", since Tenon pools in one way; got true',
  );
  expect(await pooling({ pooling_mode_mean_sqrt_len_tokens: true })).toContain("expected false, the only value");
  expect(await pooling({ pooling_mode: "mean", include_prompt: false })).toContain('"include_prompt": expected true');
  const dense = (value: object): Promise<string> =>
    refusal("sentences-dense", (content) => {
      const before = decoded<object>(content, "2_Dense/config.json");
      content.set("2_Dense/config.json", encoded({ ...before, ...value }));
    });
  expect(await dense({ use_residual: true })).toContain('folder/2_Dense/config.json: "use_residual": expected false');
  expect(await dense({ activation_function: "torch.nn.modules.activation.ELU" })).toContain("expected one of torch.nn");
  expect(await dense({ out_features: 7 })).toContain("the model asks for [7, 8], the checkpoint has [5, 8]");
});

test("the prompt that is taken unless told otherwise has to be one", async () => {
  const told = (value: object) => (content: Content) =>
    void content.set("config_sentence_transformers.json", encoded(value));
  const prompts = { query: "find: ", passage: "" };
  const content = changed("sentences-first", told({ prompts, default_prompt_name: "query" }));
  const { sentences } = await fromPretrained(filesInMemory(content));
  expect(sentences).toMatchObject({ prompts, defaultPrompt: "query" });
  expect(await refusal("sentences-first", told({ prompts, default_prompt_name: "title" }))).toContain(
    '"default_prompt_name": expected one of query, passage; got "title"',
  );
});

test("files with odd values: a named error, or a model that is whole", async () => {
  const dice = random(3);
  const backend = cpu();
  const paths = [...goldenContent("sentences-dense").keys()].filter(
    (path) => path.endsWith(".json") && !["config.json", "expected.json", "tokenizer.json"].includes(path),
  );
  let refused = 0;
  for (let i = 0; i < 300; i++) {
    const content = changed("sentences-dense", (content) => {
      const path = paths[dice.integer(paths.length)]!;
      const json = decoded<Record<string, unknown>>(content, path);
      spoil(json, dice);
      content.set(path, encoded(json));
    });
    try {
      const { model } = await fromPretrained(filesInMemory(content, "folder"), { backend });
      model[Symbol.dispose]();
    } catch (error) {
      if (!isTenonError(error, "CheckpointError")) throw error;
      expect(error.message).toMatch(/^folder/);
      refused++;
    }
    expect(backend.memory().bytes).toBe(0);
  }
  expect(refused).toBeGreaterThan(100);
});

test("what is missing is named", async () => {
  expect(await refusal("sentences-mean", (content) => content.delete("1_Pooling/config.json"))).toBe(
    "folder/modules.json names the folder 1_Pooling, which has no config.json. Download the model again.",
  );
  expect(await refusal("sentences-dense", (content) => content.delete("3_Dense/model.safetensors"))).toContain(
    "folder/3_Dense has neither model.safetensors nor model.safetensors.index.json",
  );
  expect(
    await refusal("llama", (content) => {
      content.set("modules.json", encoded(types("Transformer", "Pooling")));
      content.set("1_Pooling/config.json", encoded({ pooling_mode: "lasttoken" }));
    }),
  ).toContain('"model_type": expected an encoder below a modules.json, such as bert; got "llama"');
});
