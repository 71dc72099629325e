import { parseSafetensors, type SafetensorsFile, serializeSafetensors, type TensorEntries } from "@tenon/checkpoint";
import { gpt, vit } from "@tenon/models";
import { attachLora, quantizeWeights } from "@tenon/nn";
import { isTenonError, random } from "@tenon/tensor";
import { byteTokenizer } from "@tenon/tokenizers";
import { describe, expect, test } from "vitest";

import { characters, fox, origin, sizes, trained, training } from "../../test/saved-fox.ts";
import { loadSavedModel } from "./load-saved-model.ts";
import { parseSavedModel } from "./parse-saved-model.ts";
import { savedModelBytes } from "./saved-model-bytes.ts";
import type { SavedModel } from "./saved-model.ts";

describe("a file is refused", () => {
  const remedy =
    "The file is damaged, or was written by another version of Tenon: use another copy, or train it again.";
  type Values = Readonly<Record<string, unknown>>;
  const fileOf = (entries: TensorEntries, metadata: Readonly<Record<string, string>>): SafetensorsFile =>
    parseSafetensors(serializeSafetensors(entries, metadata), { name: "fox.safetensors" });
  const changed = (change: (record: Values) => Values) => async (): Promise<SafetensorsFile> => {
    const { metadata } = parseSafetensors(await savedModelBytes(await fox()));
    return fileOf([], { tenon: JSON.stringify(change(JSON.parse(metadata["tenon"]!) as Values)) });
  };

  test.each<[string, () => Promise<SafetensorsFile>, string]>([
    [
      "of somebody else",
      async () => fileOf([], { format: "pt" }),
      'fox.safetensors is a safetensors file, but no model of Tenon\'s: its metadata has no "tenon". Give a file that `tenon train` wrote.',
    ],
    [
      "with the state of a run",
      async () => fileOf([], { "tenon.checkpoint": "{}" }),
      "fox.safetensors is the state of a training run, not a model. Give the model.safetensors in the folder above, or go on with the run: `tenon train --resume`.",
    ],
    [
      "with no JSON",
      async () => fileOf([], { tenon: "{" }),
      `fox.safetensors: its metadata "tenon" is not valid JSON. ${remedy}`,
    ],
    [
      "of another version",
      changed((record) => ({ ...record, version: 2 })),
      `fox.safetensors: its metadata "tenon.version" is wrong: Invalid input: expected 1. ${remedy}`,
    ],
    [
      "with more than there is",
      changed((record) => ({ ...record, extra: 1 })),
      `fox.safetensors: its metadata "tenon" is wrong: Unrecognized key: "extra". ${remedy}`,
    ],
    [
      "with a wrong value",
      changed((record) => ({ ...record, training: { ...training, heldOut: { step: -1, loss: 1 } } })),
      `fox.safetensors: its metadata "tenon.training.heldOut.step" is wrong: Too small: expected number to be >=0. ${remedy}`,
    ],
    [
      "with a wrong spec",
      changed((record) => ({ ...record, spec: { ...(record["spec"] as object), layers: 0 } })),
      `fox.safetensors cannot be used: spec.layers: expected a whole number from 1 up, got 0\n${remedy}`,
    ],
    [
      "with a model of images",
      changed((record) => ({ ...record, spec: vit({ ...sizes, image: [4, 4], patch: [2, 2] }) })),
      `fox.safetensors cannot be used: spec.kind: such a file holds a model of text, got "image-encoder"\n${remedy}`,
    ],
    [
      "with a wrong tokenizer",
      changed((record) => ({ ...record, tokenizer: { kind: "rune" } })),
      `fox.safetensors cannot be used: kind of a saved tokenizer is one of character, byte, word; got the string "rune"\n${remedy}`,
    ],
    [
      "with another tokenizer",
      changed((record) => ({ ...record, tokenizer: byteTokenizer().toJSON() })),
      `fox.safetensors: its model has a vocabulary of ${characters.size}, but its tokenizer has 256 tokens. ${remedy}`,
    ],
    [
      "with another tokenizer that is larger, though it be of others",
      changed((record) => ({ ...record, tokenizer: byteTokenizer().toJSON(), origin })),
      `fox.safetensors: its model has a vocabulary of ${characters.size}, but its tokenizer has 256 tokens. ${remedy}`,
    ],
  ])("%s", async (_, make, message) => {
    const file = await make();
    const error = await loadSavedModel(file).catch((reason: unknown) => reason);
    expect(isTenonError(error, "CheckpointError") && error.message).toBe(message);
    expect(() => parseSavedModel(file)).toThrow(message);
  });
});

describe("is not saved, since it could not be loaded again:", () => {
  test.each<[string, (saved: SavedModel) => SavedModel | Promise<SavedModel>, string]>([
    [
      "a number that is none",
      (saved) => ({ ...saved, training: { ...training, heldOut: { step: 1, loss: Number.NaN } } }),
      "training.heldOut.loss cannot be saved with a model: Invalid input: expected number, received NaN",
    ],
    [
      "another tokenizer",
      (saved) => ({ ...saved, tokenizer: byteTokenizer() }),
      `the model cannot be saved: its model has a vocabulary of ${characters.size}, but its tokenizer has 256 tokens; give the tokenizer that it was trained with`,
    ],
    [
      "a stranger's tokenizer",
      (saved) => ({
        ...saved,
        tokenizer: { ...characters, toJSON: () => ({ kind: "rune", version: 1, special: [] }), kind: "rune" },
      }),
      'kind of a saved tokenizer is one of character, byte, word; got the string "rune"',
    ],
    [
      "adapters",
      async (saved) => {
        await attachLora(saved.model, { rank: 1, targets: "**.query.weight", random: random(1) });
        return saved;
      },
      "the model has adapters on 1 weights, blocks.0.attention.query.weight the first, which such a file does not hold; merge() makes them part of the weights and detach() takes them off",
    ],
    [
      "levels",
      async () => {
        const model = await trained(gpt({ ...sizes, width: 64, vocabulary: characters.size }));
        await quantizeWeights(model, { bits: 8, paths: "**.query.weight" });
        return { model, tokenizer: characters, training };
      },
      "the model holds 1 weights in levels, blocks.0.attention.query.weight the first, which such a file does not have; await dequantizeWeights() of the model first",
    ],
    [
      "a model of images",
      async (saved) => ({ ...saved, model: await trained(vit({ ...sizes, image: [4, 4], patch: [2, 2] })) }),
      'such a file holds a model of text, got "image-encoder"; savePretrained() saves one of images',
    ],
  ])("%s", async (_, change, message) => {
    const error = await savedModelBytes(await change(await fox())).catch((reason: unknown) => reason);
    expect(isTenonError(error, "ConfigError") && error.message).toBe(message);
  });
});
