// In a page: a model is saved into its storage, and loaded from there, and from files that somebody dropped.
import { assemble, bert, Encoder } from "@tenon/models";
import { cpu, ids } from "@tenon/tensor";
import { trainWordPieces } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { browserFolder } from "./browser/browser-folder.ts";
import { droppedFiles } from "./files/dropped-files.ts";
import { filesInMemory } from "./files/files-in-memory.ts";
import type { ModelFiles } from "./files/model-files.ts";
import { fromPretrained } from "./from-pretrained.ts";
import { savePretrained } from "./save-pretrained.ts";
import { embedTexts } from "./sentence/embed-texts.ts";

test("a sentence encoder is saved in a page's storage, and gives the same vectors from there and from dropped files", async () => {
  const special = { pad: "[PAD]", unknown: "[UNK]", classification: "[CLS]", separator: "[SEP]", mask: "[MASK]" };
  const words = await trainWordPieces(["mia ran home", "tom ran too"], { maximumSize: 60, special });
  const spec = bert({ vocabulary: 60, context: 16, width: 8, layers: 1, heads: 2 });
  const made = await assemble({ ...spec, head: { kind: "sentence", normalise: true } }, { seed: 1 }).to(cpu());
  const content = new Map<string, Uint8Array | Blob>();
  await savePretrained(made, filesInMemory(content));
  content.set("tokenizer.json", new TextEncoder().encode(JSON.stringify(words)));

  const stored = browserFolder(`from-pretrained-${Math.floor(performance.now())}`);
  for (const [path, bytes] of content) await stored.write(path, [bytes as Uint8Array]);
  const dropped = droppedFiles(
    [...content].map(([path, bytes]) => new File([bytes as Uint8Array<ArrayBuffer>], path)).map((file) => named(file)),
  );

  const vectors = async (files: ModelFiles): Promise<Float32Array[]> =>
    embedTexts(await fromPretrained(files), ["Mia ran home", "Tom"]);
  const expected = await vectors(filesInMemory(content));
  expect(await vectors(stored)).toEqual(expected);
  expect(await vectors(dropped)).toEqual(expected);
  const loaded = await fromPretrained(stored);
  if (!(loaded.model instanceof Encoder)) throw new Error("it was an encoder");
  const input = ids([1, 2], [1, 2], loaded.model.backend, { limit: 60 });
  expect(await loaded.model.forward(input).read()).toEqual(
    await made.forward(ids([1, 2], [1, 2], made.backend, { limit: 60 })).read(),
  );
});

/** As a browser gives the files of a folder that was chosen. */
function named(file: File): File {
  Object.defineProperty(file, "webkitRelativePath", { value: `my-model/${file.name}` });
  return file;
}
