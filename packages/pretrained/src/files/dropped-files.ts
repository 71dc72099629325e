import { fileInMemory } from "@tenon/checkpoint";
import { ConfigError } from "@tenon/tensor";

import { checkPath } from "./check-path.ts";
import type { ModelFiles } from "./model-files.ts";

/**
 * The files of a model that somebody chose on a page: dropped ones, or those of an `<input type="file" multiple>` or `<input webkitdirectory>`. A
 * chosen folder's own name is left out of the paths, so `my-model/1_Pooling/config.json` is opened as `1_Pooling/config.json`. They are read in pieces,
 * and only when asked for.
 *
 * Throws `ConfigError` when two have the same path. Opening throws `CheckpointError` for a path that leads out of the place, and reading when the
 * file has changed or gone meanwhile.
 *
 * @example
 * ```ts
 * const files = droppedFiles([new File(["{}"], "config.json"), new File(["abc"], "vocab.txt")]);
 * console.log((await files.open("vocab.txt"))?.size, await files.open("merges.txt")); // 3 undefined
 * ```
 */
export function droppedFiles(files: Iterable<File>): ModelFiles {
  const chosen = [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
  const folder = commonFolder(chosen.map(({ path }) => path));
  const name = folder ?? "the chosen files";
  const byPath = new Map<string, File>();
  for (const { file, path } of chosen) {
    const inside = folder === undefined ? path : path.slice(folder.length + 1);
    if (byPath.has(inside)) {
      throw new ConfigError(`two of the chosen files are called ${inside}: choose the files of one model only.`, {
        file: inside,
      });
    }
    byPath.set(inside, file);
  }
  return {
    name,
    open: async (path) => {
      checkPath(name, path);
      const file = byPath.get(path);
      return file && fileInMemory(folder === undefined ? path : `${folder}/${path}`, file);
    },
  };
}

/** The folder that all of them begin with; nothing when they share none. */
function commonFolder(paths: readonly string[]): string | undefined {
  const first = paths[0]?.split("/");
  if (first === undefined || first.length === 1) return undefined;
  return paths.every((path) => path.startsWith(`${first[0]}/`)) ? first[0] : undefined;
}
