// Configs as they were published, made small, and what transformers computes for each: goldens/published.py.
import { readFileSync } from "node:fs";

import { encodeTensor, parseSafetensors, serializeSafetensors } from "@tenon/checkpoint";
import { assemble } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import { Config } from "../src/config/config.ts";
import { families } from "../src/families/families.ts";
import { filesInMemory } from "../src/files/files-in-memory.ts";
import { savePretrained } from "../src/save-pretrained.ts";

export const published = JSON.parse(readFileSync(new URL("../goldens/published.json", import.meta.url), "utf8")) as {
  readonly ids: readonly number[];
  readonly models: Readonly<
    Record<string, { readonly config: Record<string, Json>; readonly numbers: number; readonly logits: number[] }>
  >;
};

/** A folder with a published config, and drawn weights under the names that the family gives them. */
export async function publishedFolder(name: string): Promise<{ content: Map<string, Uint8Array>; numbers: number }> {
  const { config } = published.models[name]!;
  const family = families.find(({ type }) => type === config["model_type"])!;
  const spec = family.spec(new Config("config.json", config), family.architectures[0]!, () => false);
  const content = new Map<string, Uint8Array>();
  await savePretrained(assemble(spec), filesInMemory(content), { family: family.type });
  const shapes = [...parseSafetensors(content.get("model.safetensors")!).tensors];
  const tensors = shapes.map(([name, { shape }]) => [name, encodeTensor(drawn(name, shape), shape)] as const);
  content.set("model.safetensors", serializeSafetensors(tensors));
  content.set("config.json", new TextEncoder().encode(JSON.stringify(config)));
  return { content, numbers: tensors.reduce((sum, [, { bytes }]) => sum + bytes.length / 4, 0) };
}

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
