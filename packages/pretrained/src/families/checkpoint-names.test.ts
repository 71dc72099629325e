// Tensors as published checkpoints hold them: names of the first years, buffers that hold nothing learned, halves, an output beside the table that it is tied to.
import { encodeTensor, type TensorData } from "@tenon/checkpoint";
import { expect, test } from "vitest";

import { tinyLlama, zeros, type Folder } from "../../test/tiny-llama.ts";
import { fromPretrained } from "../from-pretrained.ts";

/** Loads a folder whose tensors were changed, and expects the parameters that it had before. */
async function expectSame(name: string, change: (found: Map<string, TensorData>) => void): Promise<void> {
  const folder: Folder = tinyLlama(name);
  folder.tensors(change);
  const [before, after] = [await fromPretrained(tinyLlama(name).files), await fromPretrained(folder.files)];
  for (const [path, parameter] of before.model.parameters())
    expect(await after.model.parameters().get(path)!.host(), path).toEqual(await parameter.host());
}

/** Takes what begins the names away, and adds tensors to each of the two layers. */
const older =
  (begin: string, added: Readonly<Record<string, TensorData>>) =>
  (found: Map<string, TensorData>): void => {
    for (const [name, tensor] of [...found]) {
      found.delete(name);
      found.set(name.replace(begin, ""), tensor);
    }
    for (const [name, tensor] of Object.entries(added))
      for (const layer of ["0", "1"]) found.set(name.replace("*", layer), tensor);
  };

const mask: TensorData = { dtype: "BOOL", shape: [1, 1, 4, 4], bytes: new Uint8Array(16) };

test.each([
  ["gpt2", "transformer.", { "h.*.attn.bias": mask, "h.*.attn.masked_bias": zeros(1) }],
  ["gpt2", "", { "transformer.h.*.attn.bias": mask }],
  ["openai-gpt", "transformer.", { "h.*.attn.bias": mask }],
  [
    "gpt-neo",
    "",
    { "transformer.h.*.attn.attention.bias": mask, "transformer.h.*.attn.attention.masked_bias": zeros(1) },
  ],
  [
    "gptj",
    "",
    {
      "transformer.h.*.attn.bias": mask,
      "transformer.h.*.attn.masked_bias": zeros(1),
      "transformer.h.*.attn.embed_positions": zeros(24, 2),
    },
  ],
  [
    "gpt-neox",
    "",
    {
      "gpt_neox.layers.*.attention.bias": mask,
      "gpt_neox.layers.*.attention.masked_bias": zeros(1),
      "gpt_neox.layers.*.attention.rotary_emb.inv_freq": zeros(1),
    },
  ],
  ["llama", "", { "model.layers.*.self_attn.rotary_emb.inv_freq": zeros(2) }],
  ["mistral", "", { "model.layers.*.self_attn.rotary_emb.inv_freq": zeros(3) }],
  ["mixtral", "", { "model.layers.*.self_attn.rotary_emb.inv_freq": zeros(2) }],
  ["gemma", "", { "model.layers.*.self_attn.rotary_emb.inv_freq": zeros(3) }],
  ["phi", "", { "model.layers.*.self_attn.rotary_emb.inv_freq": zeros(1) }],
  ["phi3", "", { "model.layers.*.self_attn.rotary_emb.inv_freq": zeros(2) }],
] as const)("%s without %j, with buffers", async (name, begin, added) => {
  await expectSame(name, older(begin, added));
});

test.each([
  ["llama-3", "model.embed_tokens.weight", "lm_head.weight"],
  ["gpt2", "transformer.wte.weight", "lm_head.weight"],
  ["openai-gpt", "transformer.tokens_embed.weight", "lm_head.weight"],
  ["gpt-neo", "transformer.wte.weight", "lm_head.weight"],
  ["gpt-neox-sequential", "gpt_neox.embed_in.weight", "embed_out.weight"],
  ["gemma2", "model.embed_tokens.weight", "lm_head.weight"],
])("%s with its tied output beside the table, or in its place", async (name, table, output) => {
  await expectSame(name, (found) => found.set(output, found.get(table)!));
  await expectSame(name, (found) => {
    found.set(output, found.get(table)!);
    found.delete(table);
  });
});

test("of several copies without their original the first stands for it, and the others have to agree", async () => {
  const copies = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight"];
  await expectSame("t5", (found) => {
    for (const copy of copies) found.set(copy, found.get("shared.weight")!);
    found.delete("shared.weight");
  });
  const folder = tinyLlama("t5");
  folder.tensors((found) => {
    const table = found.get("shared.weight")!;
    found.set(copies[0]!, zeros(...table.shape)).set(copies[1]!, table);
    found.delete("shared.weight");
  });
  await expect(fromPretrained(folder.files)).rejects.toThrow("but the checkpoint has different numbers for them");
});

test.each(["F16", "BF16"] as const)("weights in %s are the numbers that they are", async (dtype) => {
  const folder = tinyLlama("qwen2");
  folder.tensors((found) => {
    for (const [name, { shape, bytes }] of [...found])
      found.set(name, encodeTensor(new Float32Array(bytes.slice().buffer), shape, { dtype, name }));
  });
  const [exact, rounded] = [await fromPretrained(tinyLlama("qwen2").files), await fromPretrained(folder.files)];
  const step = { F16: 2 ** -11, BF16: 2 ** -8 }[dtype];
  for (const [path, parameter] of exact.model.parameters()) {
    const [once, again] = [await parameter.host(), await rounded.model.parameters().get(path)!.host()];
    for (const [i, value] of once.entries())
      expect(Math.abs(again[i]! - value)).toBeLessThanOrEqual(step * Math.abs(value) + 1e-7);
  }
});
