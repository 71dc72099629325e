import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { assemble, llama } from "@tenon/models";
import { savePretrained } from "@tenon/pretrained";
import { folder } from "@tenon/pretrained/node";
import { cpu } from "@tenon/tensor";
import { huggingFaceTokenizer, trainBytePairs } from "@tenon/tokenizers";
import { onTestFinished } from "vitest";

/** The model that comes with Tenon, as the file that it is. */
export const storyDecoder: string = fileURLToPath(
  new URL("../../../cli/models/story-decoder.safetensors", import.meta.url),
);

/** A folder of one test's. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "tenon-playground-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A folder as Hugging Face has them, with a tiny Llama that has learned nothing, and its tokenizer. */
export async function huggingFaceFolder(): Promise<string> {
  const path = join(await temporaryFolder(), "tiny-llama");
  await mkdir(path);
  const text = "the fox ran home. the cat ran home, too. the fox and the cat sat down.";
  const tokenizer = await trainBytePairs([text], {
    maximumSize: 280,
    special: { begin: "<|begin|>", end: "<|end|>" },
  });
  const { size } = huggingFaceTokenizer(tokenizer);
  const spec = llama({ vocabulary: size, context: 64, width: 32, layers: 2, heads: 4, hidden: 88 });
  await savePretrained(await assemble(spec, { seed: 7 }).to(cpu()), folder(path));
  await writeFile(join(path, "tokenizer.json"), JSON.stringify(tokenizer));
  return path;
}

/** The file of the model that comes with Tenon, cut off. */
export async function brokenFile(): Promise<string> {
  const path = join(await temporaryFolder(), "broken.safetensors");
  await writeFile(path, (await readFile(storyDecoder)).subarray(0, 100_000));
  return path;
}
