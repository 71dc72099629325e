import { fileInMemory, parseSafetensors } from "@tenon/checkpoint";
import { droppedFiles, fromGguf, fromPretrained, type Pretrained, tokenizerOfGguf } from "@tenon/pretrained";
import { type Backend, CheckpointError, type FloatDType } from "@tenon/tensor";
import { huggingFaceTokenizer } from "@tenon/tokenizers";

import type { OpenModel } from "./opened-model.ts";
import type { Opening } from "./opening.ts";
import { openSaved } from "./open-saved.ts";
import { expectRoom, sizeOfFiles } from "./room.ts";

/**
 * Opens the model that somebody's files are: one `.safetensors` that Tenon saved, one `.gguf`, or a folder of Hugging Face with a config.json. Throws
 * `CheckpointError` for anything else, and with numbers for what is too large for a page.
 *
 * @param weights how the matrices of a folder of Hugging Face are kept
 */
export async function openFiles(
  files: readonly File[],
  backend: Backend,
  weights: FloatDType = "f32",
  opening: Opening = {},
): Promise<OpenModel> {
  const [file] = files;
  if (files.length === 1 && file!.name.toLowerCase().endsWith(".gguf")) return openGguf(file!, backend, opening);
  if (files.some(({ name }) => name === "config.json")) return openFolder(files, backend, weights, opening);
  return openOne(files, backend, opening);
}

async function openOne(files: readonly File[], backend: Backend, { needs }: Opening): Promise<OpenModel> {
  const weights = files.filter(({ name }) => name.endsWith(".safetensors"));
  if (weights.length === 1) {
    const [{ name }] = weights as [File];
    await needs?.(expectRoom(name, await sizeOfFiles(weights)));
    const bytes = new Uint8Array(await weights[0]!.arrayBuffer());
    if (parseSafetensors(bytes, { name }).metadata["tenon"] !== undefined) return openSaved(bytes, name, backend);
    throw new CheckpointError(
      `${name} holds weights alone. Drop the folder that it is from, with its config.json and tokenizer.json.`,
      { file: name },
    );
  }
  throw new CheckpointError(
    `there is no model in what was dropped (${files
      .map(({ name }) => name)
      .slice(0, 5)
      .join(
        ", ",
      )}${files.length > 5 ? " …" : ""}). A model is a .safetensors file that Tenon saved, a .gguf file, or a folder of Hugging Face with config.json, model.safetensors and tokenizer.json.`,
  );
}

async function openFolder(
  files: readonly File[],
  backend: Backend,
  weights: FloatDType,
  { progress, needs, signal }: Opening,
): Promise<OpenModel> {
  const chosen = droppedFiles(files);
  await needs?.(expectRoom(chosen.name, await sizeOfFiles(files), weights));
  const pretrained = await fromPretrained(chosen, { backend, weights, onProgress: told(progress), signal });
  return opened(chosen.name, pretrained, pretrained.tokenizer);
}

async function openGguf(file: File, backend: Backend, { progress, needs, signal }: Opening): Promise<OpenModel> {
  await needs?.(expectRoom(file.name, await sizeOfFiles([file])));
  const pretrained = await fromGguf(fileInMemory(file.name, file), { backend, onProgress: told(progress), signal });
  const template = pretrained.metadata.get("tokenizer.chat_template");
  const tokenizerConfig = typeof template === "string" ? { chat_template: template } : undefined;
  const tokenizer = huggingFaceTokenizer(tokenizerOfGguf(pretrained.metadata, file.name));
  return opened(file.name, { ...pretrained, tokenizerConfig }, tokenizer);
}

const told =
  (progress: Opening["progress"]) =>
  ({ parameters, of }: { readonly parameters: number; readonly of: number }): void =>
    progress?.({ done: parameters, of });

function opened(name: string, pretrained: Pretrained, tokenizer: OpenModel["tokenizer"]): OpenModel {
  const { model, architecture } = pretrained;
  return { name, about: `${name}: a ${architecture}.`, model, tokenizer, trained: true, pretrained };
}
