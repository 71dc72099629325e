// Configs as they were published, made small: what transformers computes for each is what Tenon computes. goldens/published.py.
import { readFileSync } from "node:fs";

import { encodeTensor, parseSafetensors, serializeSafetensors } from "@tenon/checkpoint";
import { assemble, type Decoder } from "@tenon/models";
import { cpu, ids, type Json } from "@tenon/tensor";
import { expect, test } from "vitest";

import { expectClose } from "../../test/expect-close.ts";
import { Config } from "../config/config.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import { fromPretrained } from "../from-pretrained.ts";
import { savePretrained } from "../save-pretrained.ts";
import { families } from "./families.ts";

interface Published {
  readonly ids: readonly number[];
  readonly models: Readonly<
    Record<string, { readonly config: Record<string, Json>; readonly numbers: number; readonly logits: number[] }>
  >;
}
const published = JSON.parse(
  readFileSync(new URL("../../goldens/published.json", import.meta.url), "utf8"),
) as Published;

/** The numbers of a tensor, by its name and their place: `drawn` of the script. */
function drawn(name: string, shape: readonly number[]): Float32Array {
  let mixed = 2166136261;
  for (const byte of new TextEncoder().encode(name)) mixed = Math.imul(mixed ^ byte, 16777619);
  const base = shape.length === 1 && name.endsWith("weight") ? 1 : 0;
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => {
    let place = (mixed + Math.imul(i, 2654435761)) >>> 0;
    for (let round = 0; round < 2; round++) place = Math.imul(place ^ (place >>> 16), 73244475);
    return ((place ^ (place >>> 16)) >>> 0) / 2 ** 32 - 0.5 + base;
  });
}

/** A folder with the config as it was published, and drawn weights under the names that the family gives them. */
async function folderOf(config: Record<string, Json>): Promise<{ content: Map<string, Uint8Array>; numbers: number }> {
  const family = families.find(({ type }) => type === config["model_type"])!;
  const spec = family.spec(new Config("config.json", config), family.architectures[0]!);
  const content = new Map<string, Uint8Array>();
  await savePretrained(assemble(spec), filesInMemory(content), { family: family.type });
  const shapes = [...parseSafetensors(content.get("model.safetensors")!).tensors];
  const tensors = shapes.map(([name, { shape }]) => [name, encodeTensor(drawn(name, shape), shape)] as const);
  content.set("model.safetensors", serializeSafetensors(tensors));
  content.set("config.json", new TextEncoder().encode(JSON.stringify(config)));
  const numbers = shapes.reduce((sum, [, { shape }]) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return { content, numbers };
}

test.each(Object.entries(published.models))("%s", async (_, { config, numbers, logits }) => {
  const folder = await folderOf(config);
  expect(folder.numbers).toBe(numbers);
  const backend = cpu();
  const { model } = await fromPretrained(filesInMemory(folder.content), { backend });
  const input = ids([...published.ids], [1, published.ids.length], backend, { limit: 7 });
  const found = await (model as Decoder).forward(input).read();
  expectClose(
    [1, 7, 11].flatMap((row) => [...found.subarray(7 * row, 7 * row + 7)]),
    logits,
  );
});
