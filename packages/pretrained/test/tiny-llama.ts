import { encodeTensor, parseSafetensors, serializeSafetensors, type TensorData } from "@tenon/checkpoint";

import { filesInMemory } from "../src/files/files-in-memory.ts";
import type { ModelFiles } from "../src/files/model-files.ts";
import { goldenContent } from "./golden-folder.ts";

/** The folder of a tiny Llama, to be spoilt. */
export interface Folder {
  readonly content: Map<string, Uint8Array>;
  readonly files: ModelFiles;
  /** Changes config.json. */
  config(change: (config: Record<string, unknown>) => void): void;
  /** Changes the tensors of model.safetensors. */
  tensors(change: (tensors: Map<string, TensorData>) => void): void;
  json(path: string, value: unknown): void;
}

export function tinyLlama(name = "llama"): Folder {
  const content = goldenContent(name);
  const json = (path: string, value: unknown): void =>
    void content.set(path, new TextEncoder().encode(JSON.stringify(value)));
  return {
    content,
    files: filesInMemory(content, "folder"),
    json,
    config(change) {
      const config = JSON.parse(new TextDecoder().decode(content.get("config.json"))) as Record<string, unknown>;
      change(config);
      json("config.json", config);
    },
    tensors(change) {
      const tensors = new Map<string, TensorData>(parseSafetensors(content.get("model.safetensors")!).tensors);
      change(tensors);
      content.set("model.safetensors", serializeSafetensors(tensors));
    },
  };
}

export const zeros = (...shape: number[]): TensorData =>
  encodeTensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
