import { parseSafetensors } from "@tenon/checkpoint";
import { expect, test } from "vitest";

import { filesInMemory } from "../src/files/files-in-memory.ts";
import { fromPretrained } from "../src/from-pretrained.ts";
import { savePretrained } from "../src/save-pretrained.ts";
import { goldenContent, goldenFolder } from "./golden-folder.ts";

/** What is loaded and saved again is what it was: every tensor's bytes, and every key of the config that the family tells. */
export function testResaved(name: string): void {
  test(`${name}, saved again, has the same tensors and the same config`, async () => {
    const content = new Map<string, Uint8Array | Blob>();
    const loaded = await fromPretrained(goldenFolder(name));
    await savePretrained(loaded, filesInMemory(content));
    const before = goldenContent(name);
    const read = (bytes: unknown) => parseSafetensors(bytes as Uint8Array, { name }).tensors;
    const [again, once] = [read(content.get("model.safetensors")), read(before.get("model.safetensors"))];
    expect([...again.keys()].sort()).toEqual([...once.keys()].sort());
    for (const [key, tensor] of once) {
      expect(again.get(key)!.shape, key).toEqual(tensor.shape);
      expect(again.get(key)!.bytes, key).toEqual(tensor.bytes);
    }
    const json = (bytes: unknown) =>
      JSON.parse(new TextDecoder().decode(bytes as Uint8Array)) as Record<string, unknown>;
    expect(json(content.get("config.json"))).toMatchObject(json(before.get("config.json")));
    // The spec alone says the same model, without the config that it was loaded with.
    const alone = new Map<string, Uint8Array | Blob>();
    const { family, architecture, model } = loaded;
    await savePretrained(model, filesInMemory(alone), { family, architecture });
    expect((await fromPretrained(filesInMemory(alone))).model.spec).toEqual(model.spec);
  });
}
