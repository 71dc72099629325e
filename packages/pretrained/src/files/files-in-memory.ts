import { fileInMemory } from "@tenon/checkpoint";

import { checkPath } from "./check-path.ts";
import type { ModelFiles } from "./model-files.ts";
import type { WritableFiles } from "./writable-files.ts";

/**
 * Files in memory, by their paths: to read a model from, to save one into, or both. `content` is changed by writing, and may be given to another.
 *
 * `open` and `write` throw `CheckpointError` for a path that leads out of a folder.
 *
 * @example
 * ```ts
 * const files = filesInMemory(new Map([["config.json", new TextEncoder().encode("{}")]]));
 * console.log((await files.open("config.json"))!.size); // 2
 * ```
 */
export function filesInMemory(
  content: Map<string, Uint8Array | Blob> = new Map(),
  name = "memory",
): ModelFiles & WritableFiles {
  return {
    name,
    open(path) {
      checkPath(name, path);
      const found = content.get(path);
      return Promise.resolve(found && fileInMemory(`${name}/${path}`, found));
    },
    async write(path, pieces) {
      checkPath(name, path);
      const parts: BlobPart[] = [];
      for await (const piece of pieces) parts.push(piece.slice());
      content.set(path, new Uint8Array(await new Blob(parts).arrayBuffer()));
    },
  };
}
