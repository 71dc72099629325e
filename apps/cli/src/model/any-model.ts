import { stat } from "node:fs/promises";
import { join } from "node:path";

import { openFile } from "@tenon/checkpoint/node";
import type { Assembled } from "@tenon/models";
import type { ModelFiles, Origin, Pretrained, TrainingRecord } from "@tenon/pretrained";
import { CheckpointError } from "@tenon/tensor";
import { huggingFaceTokenizer, type Tokenizer } from "@tenon/tokenizers";

import { downloading } from "./downloading.ts";
import { loadModel } from "./model-file.ts";
import { pretrainedPackage } from "./pretrained-package.ts";
import type { Session } from "../session.ts";

/** A model to use: one that `tenon train` made, one in the layout of Hugging Face, or one of llama.cpp's. */
export interface AnyModel {
  /** What it is called in messages. */
  readonly path: string;
  readonly model: Assembled;
  readonly tokenizer: Tokenizer;
  /** How it was trained, for what `tenon train` made. */
  readonly training?: TrainingRecord | undefined;
  /** Whose model it began with, for what `tenon train` made of one of others. */
  readonly origin?: Origin | undefined;
  /** What came with it, for what others made, and what was trained from that. */
  readonly pretrained?: Pretrained | undefined;
  /** tokenizer_config.json, which holds the chat template. */
  readonly tokenizerConfig?: object | undefined;
}

/** What an option that names a model is said to take. */
export const modelForms =
  "a file or folder of `tenon train`, a folder of Hugging Face's, a .gguf file, or owner/name on the Hub";

/**
 * Loads the model that --model names: a file or folder of `tenon train`, a folder with a config.json, a .gguf file, or `owner/name` of the Hub, which is downloaded
 * once. Throws `CheckpointError` for what is damaged or not there, and `ConfigError` for what is no name of a model.
 */
export async function loadAnyModel(given: string, session: Session): Promise<AnyModel> {
  const { backend } = session;
  const status = await stat(given).catch(() => undefined);
  if (status?.isFile() === true && given.toLowerCase().endsWith(".gguf")) return loadGguf(given, session);
  const isHubName =
    status === undefined && /^[\w.-]+\/[\w.-]+$/.test(given) && !/^\.|\.(safetensors|gguf|json)$/.test(given);
  const hasConfig =
    status?.isDirectory() === true && (await stat(join(given, "config.json")).catch(() => undefined)) !== undefined;
  if (!isHubName && !hasConfig) return loadModel(given, backend);
  const { filesOf } = await pretrainedPackage();
  using shown = downloading(session.stderr);
  return loadFolder(given, await filesOf(given, { onProgress: shown.progress }), session);
}

async function loadFolder(path: string, files: ModelFiles, { backend }: Session): Promise<AnyModel> {
  const { fromPretrained } = await pretrainedPackage();
  const pretrained = await fromPretrained(files, { backend });
  const { model, tokenizer, tokenizerConfig } = pretrained;
  if (tokenizer === undefined) {
    throw new CheckpointError(
      `${files.name} has no tokenizer.json, so texts cannot be read for it. In Python, AutoTokenizer.from_pretrained(…).save_pretrained(…) writes one.`,
      { folder: files.name },
    );
  }
  if ("vocabulary" in model && model.vocabulary < tokenizer.size) {
    throw new CheckpointError(
      `${files.name}: its model has a vocabulary of ${model.vocabulary}, but its tokenizer has ${tokenizer.size} tokens. The files do not belong together.`,
      { folder: files.name },
    );
  }
  return { path, model, tokenizer, pretrained, tokenizerConfig };
}

async function loadGguf(path: string, { backend }: Session): Promise<AnyModel> {
  const file = await openFile(path);
  try {
    const { fromGguf, tokenizerOfGguf } = await pretrainedPackage();
    const pretrained = await fromGguf(file, { backend });
    const tokenizer = huggingFaceTokenizer(tokenizerOfGguf(pretrained.metadata, path));
    const template = pretrained.metadata.get("tokenizer.chat_template");
    const tokenizerConfig = typeof template === "string" ? { chat_template: template } : undefined;
    return { path, model: pretrained.model, tokenizer, pretrained, tokenizerConfig };
  } finally {
    await file.close();
  }
}
