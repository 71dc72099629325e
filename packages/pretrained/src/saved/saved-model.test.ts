import { parseSafetensors, serializeSafetensors } from "@tenon/checkpoint";
import { bert, llama, transformer } from "@tenon/models";
import { type Backend, cpu } from "@tenon/tensor";
import { byteTokenizer, huggingFaceTokenizer, trainBytePairs, wordTokenizer } from "@tenon/tokenizers";
import { describe, expect, test } from "vitest";

import { fox, origin, sizes, text, trained, training } from "../../test/saved-fox.ts";
import { asPretrained } from "./as-pretrained.ts";
import { loadSavedModel } from "./load-saved-model.ts";
import { parseSavedModel } from "./parse-saved-model.ts";
import { savedModelBytes } from "./saved-model-bytes.ts";
import type { SavedModel } from "./saved-model.ts";

const words = wordTokenizer(text, { special: { mask: "[MASK]" } });
const bytePairs = huggingFaceTokenizer(await trainBytePairs([text], { maximumSize: 270 }));
const ofOthers = async (vocabulary: number): Promise<SavedModel> => ({
  model: await trained(llama({ ...sizes, vocabulary, hidden: 12 })),
  tokenizer: bytePairs,
  training,
  origin,
});

const valuesOf = async ({ model }: SavedModel): Promise<Map<string, unknown>> => {
  const values = new Map<string, unknown>();
  for (const [path, parameter] of model.parameters()) values.set(path, await parameter.host());
  return values;
};

describe("a model that was saved", () => {
  test.each<[string, () => Promise<SavedModel>]>([
    ["a decoder", fox],
    [
      "an encoder",
      async () => ({
        model: await trained({ ...bert({ ...sizes, vocabulary: words.size }), head: { kind: "masked-language" } }),
        tokenizer: words,
        training: { ...training, earlierSteps: 5, heldOut: undefined },
      }),
    ],
    [
      "an encoder–decoder",
      async () => ({
        model: await trained(transformer({ ...sizes, vocabulary: 256 })),
        tokenizer: byteTokenizer(),
        training,
      }),
    ],
    ["one of others, with room for more tokens", async () => ofOthers(bytePairs.size + 6)],
  ])("is loaded as it was, and saved again to the same bytes: %s", async (_, make) => {
    const saved = await make();
    const bytes = await savedModelBytes(saved);
    const loaded = await loadSavedModel(parseSafetensors(bytes));
    expect(await valuesOf(loaded)).toEqual(await valuesOf(saved));
    expect(loaded.model.spec).toEqual(saved.model.spec);
    expect(loaded.tokenizer.encode(text)).toEqual(saved.tokenizer.encode(text));
    expect(loaded.training).toEqual(saved.training);
    expect(loaded.origin).toEqual(saved.origin);
    expect(await savedModelBytes(loaded)).toEqual(bytes);
  });

  test("may be stored in 16 bits", async () => {
    const file = parseSafetensors(await savedModelBytes(await fox(), { storage: "F16" }));
    expect(new Set([...file.tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(["F16"]));
    const values = await valuesOf(await loadSavedModel(file));
    for (const [path, stored] of file.tensors) expect(values.get(path)).toEqual(stored.toFloat32());
  });

  test("is placed on the backend", async () => {
    const backend: Backend = cpu();
    const { model } = await loadSavedModel(parseSafetensors(await savedModelBytes(await fox())), { backend });
    expect([...model.parameters().values()].map((parameter) => parameter.value.backend === backend)).not.toContain(
      false,
    );
  });

  test("is parsed without its parameters", async () => {
    const { metadata } = parseSafetensors(await savedModelBytes(await fox()));
    const file = parseSafetensors(serializeSafetensors([], metadata), { name: "empty.safetensors" });
    expect(parseSavedModel(file).training).toEqual(training);
    await expect(loadSavedModel(file)).rejects.toThrow(
      "empty.safetensors does not fit the model, and nothing was loaded",
    );
  });

  test("is one of others again, where it began with one", async () => {
    const loaded = await loadSavedModel(parseSafetensors(await savedModelBytes(await ofOthers(bytePairs.size))));
    const { name: _, ...told } = origin;
    expect(asPretrained(loaded)).toEqual({
      ...told,
      model: loaded.model,
      tokenizer: loaded.tokenizer,
      preprocessor: undefined,
    });
    expect(asPretrained(await fox())).toBeUndefined();
  });
});
