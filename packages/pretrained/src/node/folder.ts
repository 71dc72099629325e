import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { StoredFile } from "@tenon/checkpoint";
import { fileProblem, openFile, writeFileAtomically } from "@tenon/checkpoint/node";
import { CheckpointError } from "@tenon/tensor";

import { checkPath } from "../files/check-path.ts";
import type { ModelFiles } from "../files/model-files.ts";
import type { WritableFiles } from "../files/writable-files.ts";

/**
 * A folder of the disk, such as Hugging Face's libraries write and the Hub's cache holds. Models are loaded from it, in pieces, and saved into it; the
 * folder and those inside are made when something is written.
 *
 * A path that leads out of the folder is refused, since paths come from files that others wrote. A symbolic link is followed wherever it leads: the
 * Hub's own cache consists of links to `../../blobs`, and only who may write to the folder can put one there.
 *
 * Throws `CheckpointError` naming the path and the remedy: for a path that leads out, a folder that does not exist or is none, a file that may
 * not be read or written, a full disk, and while reading for a file that has become shorter.
 *
 * @example
 * ```ts
 * const files = folder("my-model");
 * await files.write("config.json", [new TextEncoder().encode("{}")]);
 * const config = await files.open("config.json");
 * console.log(config?.size, await files.open("vocab.txt")); // 2 undefined
 * await config?.close();
 * ```
 */
export function folder(path: string): ModelFiles & WritableFiles {
  return {
    name: path,
    async open(file) {
      checkPath(path, file);
      const opened = await openIfThere(join(path, file));
      if (opened === undefined) await checkFolder(path);
      return opened;
    },
    async write(file, content) {
      checkPath(path, file);
      const target = join(path, file);
      try {
        await mkdir(dirname(target), { recursive: true });
      } catch (error) {
        throw fileProblem(error, dirname(target), "write");
      }
      await writeFileAtomically(target, content);
    },
  };
}

/** Opens a file of the disk; undefined when there is none of this path. Throws what `openFile` throws otherwise. */
export async function openIfThere(path: string): Promise<StoredFile | undefined> {
  try {
    await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw fileProblem(error, path, "read");
  }
  return openFile(path);
}

/** Whoever asks for a file and gets none should hear when it is the folder that is missing. */
async function checkFolder(path: string): Promise<void> {
  const status = await stat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw fileProblem(error, path, "read");
  });
  if (status?.isDirectory() === true) return;
  const problem = status === undefined ? "there is no such folder" : "it is no folder";
  throw new CheckpointError(`cannot read ${path}: ${problem}. Name the folder that holds the model's files.`, {
    file: path,
    expected: "a folder",
  });
}
