import { trainBytePairs, trainWordPieces } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { goldenContent } from "../../test/golden-folder.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import { fromPretrained } from "../from-pretrained.ts";
import { savePretrained } from "../save-pretrained.ts";
import { embedTexts } from "../sentence/embed-texts.ts";

const texts = ["Mia ran home.", "Tom ran, too!"];
const bytes = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json));

async function folder(): Promise<Map<string, Uint8Array | Blob>> {
  const content: Map<string, Uint8Array | Blob> = goldenContent("gpt2");
  const tokenizer = await trainBytePairs(texts, { maximumSize: 270, special: { end: "<|end|>" } });
  content.set("tokenizer.json", bytes(tokenizer));
  content.set("tokenizer_config.json", bytes({ eos_token: "<|end|>", model_max_length: 24 }));
  content.set("chat_template.jinja", new TextEncoder().encode("{{ messages[0].content }}"));
  return content;
}

test("a folder's tokenizer comes with its model, and is saved with it", async () => {
  const loaded = await fromPretrained(filesInMemory(await folder()));
  const ids = loaded.tokenizer!.encode(texts[0]!);
  expect(loaded.tokenizer!.decode(ids)).toBe(texts[0]);
  expect(loaded.tokenizer!.special["end"]).toBe(loaded.tokenizer!.id("<|end|>"));
  expect(loaded.tokenizerConfig).toEqual({
    eos_token: "<|end|>",
    model_max_length: 24,
    chat_template: "{{ messages[0].content }}",
  });
  const saved = new Map<string, Uint8Array | Blob>();
  await savePretrained(loaded, filesInMemory(saved));
  const again = await fromPretrained(filesInMemory(saved));
  expect(again.tokenizer!.encode(texts[1]!)).toEqual(loaded.tokenizer!.encode(texts[1]!));
  expect(again.tokenizerConfig).toEqual(loaded.tokenizerConfig);
});

test("a folder without a tokenizer.json has none; a damaged one is named", async () => {
  const loaded = await fromPretrained(filesInMemory(goldenContent("gpt2")));
  expect(loaded.tokenizer).toBeUndefined();
  await expect(embedTexts(loaded, ["a"])).rejects.toThrow(
    'embedTexts() takes a model with a "sentence" head, such as those of sentence-transformers; this is a decoder',
  );
  const content = (await folder()).set("tokenizer.json", bytes({ version: "1.0", model: { type: "Mystery" } }));
  await expect(fromPretrained(filesInMemory(content, "m"))).rejects.toThrow(
    /^m\/tokenizer\.json cannot be used: .*"Mystery"/,
  );
});

test("a model of sentences reads texts as sentence-transformers does: cut, with its prompt, lower-case where it says so", async () => {
  const content: Map<string, Uint8Array | Blob> = goldenContent("sentences-mean");
  const tokenizer = await trainWordPieces(["ab ba", "a bab"], {
    maximumSize: 20,
    special: { pad: "[PAD]", unknown: "[UNK]", mask: "[MASK]", classification: "[CLS]", separator: "[SEP]" },
  });
  content.set(
    "tokenizer.json",
    bytes({
      ...tokenizer,
      padding: { strategy: { Fixed: 20 }, direction: "Right", pad_id: 0, pad_type_id: 0, pad_token: "[PAD]" },
    }),
  );
  const loaded = await fromPretrained(filesInMemory(content));
  const long = "bab a ".repeat(20);
  const [short, cut, longer] = await embedTexts(loaded, ["ab ba", long, `${long} and more`]);
  expect(cut).toEqual(longer); // both are cut
  expect(await embedTexts(loaded, ["ab ba"])).toEqual([expect.any(Float32Array)]);
  const [alone] = await embedTexts(loaded, ["ab ba"]);
  for (const [i, value] of alone!.entries()) expect(value).toBeCloseTo(short![i]!, 5);
  await expect(embedTexts(loaded, ["a"], { prompt: "riddle" })).rejects.toThrow(
    /this model has no prompt "riddle"; it has /,
  );
  expect(await embedTexts(loaded, [])).toEqual([]);
  // Where it cuts is no part of the file.
  const saved = new Map<string, Uint8Array | Blob>();
  await savePretrained(loaded, filesInMemory(saved));
  const parsed = (bytes: unknown): unknown => JSON.parse(new TextDecoder().decode(bytes as Uint8Array));
  const { truncation, padding } = parsed(saved.get("tokenizer.json")) as Record<string, unknown>;
  expect({ truncation, padding }).toEqual({
    truncation: null,
    padding: expect.objectContaining({ strategy: { Fixed: 20 } }) as object,
  });
});
