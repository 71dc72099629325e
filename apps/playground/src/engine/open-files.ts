import { fileInMemory, parseSafetensors } from "@tenon/checkpoint";
import { droppedFiles, fromGguf, fromPretrained, type Pretrained, tokenizerOfGguf } from "@tenon/pretrained";
import { type Backend, CheckpointError } from "@tenon/tensor";
import { huggingFaceTokenizer } from "@tenon/tokenizers";

import type { OpenProgress } from "./model-info.ts";
import type { OpenModel } from "./opened-model.ts";
import { openSaved } from "./open-saved.ts";

type Progress = ((progress: OpenProgress) => void) | undefined;

/**
 * Opens the model that somebody's files are: one `.safetensors` that Tenon saved, one `.gguf`, or a folder of Hugging Face with a config.json. Throws
 * `CheckpointError` for anything else.
 */
export async function openFiles(files: readonly File[], backend: Backend, progress: Progress): Promise<OpenModel> {
  const [file] = files;
  if (files.length === 1 && file!.name.toLowerCase().endsWith(".gguf")) return openGguf(file!, backend, progress);
  if (files.some(({ name }) => name === "config.json")) return openFolder(files, backend, progress);
  const weights = files.filter(({ name }) => name.endsWith(".safetensors"));
  if (weights.length === 1) {
    const [{ name }] = weights as [File];
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

async function openFolder(files: readonly File[], backend: Backend, progress: Progress): Promise<OpenModel> {
  const chosen = droppedFiles(files);
  const pretrained = await fromPretrained(chosen, { backend, onProgress: told(progress) });
  return opened(chosen.name, pretrained, pretrained.tokenizer);
}

async function openGguf(file: File, backend: Backend, progress: Progress): Promise<OpenModel> {
  const pretrained = await fromGguf(fileInMemory(file.name, file), { backend, onProgress: told(progress) });
  return opened(file.name, pretrained, huggingFaceTokenizer(tokenizerOfGguf(pretrained.metadata, file.name)));
}

const told =
  (progress: Progress) =>
  ({ parameters, of }: { readonly parameters: number; readonly of: number }): void =>
    progress?.({ done: parameters, of });

function opened(name: string, pretrained: Pretrained, tokenizer: OpenModel["tokenizer"]): OpenModel {
  const { model, architecture } = pretrained;
  return { name, about: `${name}: a ${architecture}.`, model, tokenizer, trained: true, pretrained };
}
