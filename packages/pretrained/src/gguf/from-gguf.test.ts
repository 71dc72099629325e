// Tiny GGUF files, and what Hugging Face's transformers, which read them on their own, answered: goldens/make_gguf.py.
import { readFile } from "node:fs/promises";

import { fileInMemory, openGguf } from "@tenon/checkpoint";
import { Decoder } from "@tenon/models";
import { dequantizeWeights } from "@tenon/nn";
import { cpu, ids } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { expectClose } from "../../test/expect-close.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import { fromPretrained } from "../from-pretrained.ts";
import { savePretrained } from "../save-pretrained.ts";
import { fromGguf, type GgufModel } from "./from-gguf.ts";
import { rowsInHalves } from "./gguf-weights.ts";

const golden = (name: string): Promise<Buffer> => readFile(new URL(`../../goldens/${name}`, import.meta.url));
const bytesOf = async (name: string): Promise<Uint8Array> => new Uint8Array(await golden(`${name}.gguf`));
const load = async (
  name: string,
  options: Parameters<typeof fromGguf>[1] = {},
): Promise<GgufModel & { model: Decoder }> => {
  const loaded = await fromGguf(fileInMemory(`${name}.gguf`, await bytesOf(name)), options);
  if (!(loaded.model instanceof Decoder)) throw new Error(`${name} is no decoder`);
  return { ...loaded, model: loaded.model };
};
const logitsOf = async (model: Decoder, prompt: readonly number[]): Promise<Float32Array> => {
  const at = ids(prompt, [1, prompt.length], model.backend, { limit: model.vocabulary });
  return (await model.forward(at).read()) as Float32Array;
};

interface Expected {
  readonly prompts: readonly (readonly number[])[];
  readonly logits: readonly (readonly number[])[];
}
const names = ["llama-levels", "qwen2-levels", "qwen3-levels"];

describe.each(names)("%s.gguf", (name) => {
  test.each([true, false])("gives the logits of transformers, kept in levels: %s", async (levels) => {
    const { prompts, logits } = JSON.parse(String(await golden(`${name}-gguf.json`))) as Expected;
    const { model } = await load(name, { levels });
    const inLevels = [...model.parameters().values()].filter(({ quantized }) => quantized !== undefined);
    expect(inLevels.length > 0).toBe(levels);
    for (const [row, prompt] of prompts.entries()) expectClose(await logitsOf(model, prompt), logits[row]!);
  });

  test("saved as a folder of Hugging Face, it is the same model", async () => {
    const loaded = await load(name);
    const files = filesInMemory();
    await expect(savePretrained(loaded, files)).rejects.toThrow(
      /^the model holds \d+ weights in levels, embedding.tokens.table the first, which such a folder does not have; await dequantizeWeights\(\) of the model first/,
    );
    await dequantizeWeights(loaded.model);
    await savePretrained(loaded, files);
    const again = await fromPretrained(files);
    expect(again.generation).toEqual({ eos_token_id: 1 });
    const model = again.model as Decoder;
    expectClose(await logitsOf(model, [2, 5, 9]), [...(await logitsOf(loaded.model, [2, 5, 9]))]);
  });
});

test("what is kept, and what it takes", async () => {
  const on = cpu();
  const { model, family, architecture, metadata, config } = await load("llama-levels", { backend: on });
  const types = new Map([...model.parameters()].map(([path, { type }]) => [path, type.dtype]));
  expect(types.get("blocks.0.feedForward.down.weight")).toBe("q4"); // Q4_K
  expect(types.get("blocks.0.feedForward.down.weight.offsets")).toBe("f32");
  expect(types.get("blocks.1.feedForward.down.weight")).toBe("q8"); // Q6_K
  expect(types.get("blocks.0.feedForward.up.weight")).toBe("q4"); // Q4_0
  expect(types.get("blocks.0.attention.query.weight")).toBe("q8"); // Q8_0
  expect(types.get("output.weight")).toBe("f32"); // F16
  expect([family, architecture, metadata.get("llama.block_count")]).toEqual(["llama", "LlamaForCausalLM", 2]);
  expect(config["rms_norm_eps"]).toBe(1e-6);
  const file = await openGguf(fileInMemory("llama-levels.gguf", await bytesOf("llama-levels")));
  const elements = [...file.tensors.values()].reduce((sum, { size }) => sum + size, 0);
  expect(on.memory().bytes / (4 * elements)).toBeLessThan(0.25);
});

test("loading stops when it is told to, and tells how far it is", async () => {
  const seen: number[] = [];
  const { model } = await load("qwen2-levels", { onProgress: ({ parameters }) => seen.push(parameters) });
  expect(seen).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  expect(model.parameters().size).toBeGreaterThan(15);
  const on = cpu();
  await expect(load("qwen2-levels", { backend: on, signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
    "enough",
  );
  expect(on.memory().bytes).toBe(0);
});

test("rows that rotate with their neighbours become rows that rotate in halves", () => {
  const rows = Int8Array.of(0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15, 6, 16, 7, 17);
  expect(rowsInHalves(rows, 8, 2)).toEqual(Int8Array.of(0, 10, 2, 12, 1, 11, 3, 13, 4, 14, 6, 16, 5, 15, 7, 17));
});
