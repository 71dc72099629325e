import { readFile } from "node:fs/promises";

import { cpu } from "@tenon/tensor";
import { expect, test } from "vitest";

import { dropped, droppedFolder, golden, wordsFile } from "../testing/dropped.ts";
import { shippedFile } from "../testing/engine.ts";
import { infoOf } from "./info-of.ts";
import type { OpenProgress } from "./model-info.ts";
import { openFiles } from "./open-files.ts";
import { expectRoom, sizeOf, sizeOfFiles } from "./room.ts";

test("a file of Tenon's is opened with its tokenizer, and its size is seen before", async () => {
  const file = await shippedFile("story-encoder");
  const open = await openFiles([file], cpu());
  const info = infoOf(open);
  expect(info).toMatchObject({ name: "story-encoder.safetensors", trained: true, chats: false });
  expect(info.about).toMatch(/^Trained on .+, \d+ steps, loss on held-out text \d\.\d{3}\.$/);
  expect(info.tokenizer).toEqual({ kind: "hugging-face", size: 1226, mask: "[MASK]" });
  expect((await sizeOfFiles([file])).parameters).toBe(info.parameters);
});

test("a folder of Hugging Face is opened parameter by parameter, its weights in 16 bits where that is asked for", async () => {
  const files = await droppedFolder(golden("llama"), { "tokenizer.json": wordsFile(["mia", "ran", "home"]) });
  const told: OpenProgress[] = [];
  const progress = (each: OpenProgress): void => void told.push(each);
  const open = await openFiles(files, cpu(), "f32", { progress });
  expect(infoOf(open)).toMatchObject({ name: "llama", about: "llama: a LlamaForCausalLM.", chats: false });
  expect(told.at(-1)!.done).toBe(told.at(-1)!.of);
  const halves = infoOf(await openFiles(files, cpu(), "bf16"));
  expect(halves.parameters).toBe(infoOf(open).parameters);
  expect(halves.bytes).toBeLessThan(0.6 * infoOf(open).bytes);
  const chat = [...files, dropped("llama/tokenizer_config.json", JSON.stringify({ chat_template: "{{ messages }}" }))];
  expect(infoOf(await openFiles(chat, cpu())).chats).toBe(true);
});

test("a GGUF file is measured by what its levels take", async () => {
  const bytes = new Uint8Array(await readFile(golden("qwen3-levels.gguf")));
  const file = dropped("qwen3.gguf", bytes);
  const size = await sizeOfFiles([file]);
  expect(size.asHalves).toBe(size.asF32);
  expect(size.asF32).toBeGreaterThan(bytes.length);
  const open = await openFiles([file], cpu());
  expect(infoOf(open)).toMatchObject({ name: "qwen3.gguf", tokenizer: { size: 29 } });
  expect(infoOf(open).bytes).toBeLessThan(size.asF32);
});

test("what holds no model is refused, with what does", async () => {
  const config = dropped("a.txt", "a");
  await expect(openFiles([config], cpu())).rejects.toThrow(
    "there is no model in what was dropped (a.txt). A model is a .safetensors file that Tenon saved, a .gguf file, or a folder of Hugging Face with config.json, model.safetensors and tokenizer.json.",
  );
  const [weights] = (await droppedFolder(golden("llama"))).filter(({ name }) => name.endsWith(".safetensors"));
  await expect(openFiles([weights!], cpu())).rejects.toThrow(
    "model.safetensors holds weights alone. Drop the folder that it is from, with its config.json and tokenizer.json.",
  );
});

test("what is too large for a page is refused with numbers before it is read", () => {
  expect(() => expectRoom("llama-7b", sizeOf(6.74e9))).toThrow(
    "llama-7b has 6.74 billion parameters, which take 25.1 GiB as f32; a page has room for 3 GiB. Open a model of at most 805 million parameters, 1.61 billion with 16-bit weights, or a GGUF file of at most 2.61 GiB; or use it with the command line.",
  );
  expect(() => expectRoom("a-1b", sizeOf(1.2e9))).toThrow(
    "a-1b has 1.2 billion parameters, which take 4.47 GiB as f32; a page has room for 3 GiB. Open it with 16-bit weights: then they take 2.24 GiB.",
  );
  expect(() => expectRoom("a-1b", sizeOf(1.2e9), "bf16")).not.toThrow();
});
