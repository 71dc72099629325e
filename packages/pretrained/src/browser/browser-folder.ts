import { fileInMemory } from "@tenon/checkpoint";
import { CheckpointError, ConfigError } from "@tenon/tensor";

import { checkPath } from "../files/check-path.ts";
import type { ModelFiles } from "../files/model-files.ts";
import type { WritableFiles } from "../files/writable-files.ts";
import { isMissing, storageProblem } from "./storage-problem.ts";

/**
 * A folder of a page: one of the browser's own storage for this origin (the origin private file system), by its path, or one that the user chose with
 * `showDirectoryPicker()`, by its handle. Models are loaded from it and saved into it; a path's folders are made when something is written.
 *
 * Throws `ConfigError` where the browser has no such storage, `CheckpointError` for a path that leads out of the folder, a file that cannot be read or
 * written, and when the storage is full.
 *
 * @example
 * ```ts
 * async function keep(bytes: Uint8Array): Promise<number | undefined> {
 *   const files = browserFolder("models/mine");
 *   await files.write("model.safetensors", [bytes]);
 *   return (await files.open("model.safetensors"))?.size;
 * }
 * ```
 */
export function browserFolder(folder: string | FileSystemDirectoryHandle): ModelFiles & WritableFiles {
  const name = typeof folder === "string" ? folder : folder.name;
  if (typeof folder === "string") checkPath("the browser's storage", folder);
  const root = async (create: boolean): Promise<FileSystemDirectoryHandle> =>
    typeof folder === "string" ? descend(await privateStorage(), folder.split("/"), create) : folder;
  const parent = async (path: string, create: boolean): Promise<FileSystemDirectoryHandle> =>
    descend(await root(create), path.split("/").slice(0, -1), create);

  return {
    name,
    async open(path) {
      checkPath(name, path);
      try {
        const handle = await (await parent(path, false)).getFileHandle(baseName(path));
        return fileInMemory(`${name}/${path}`, await handle.getFile());
      } catch (error) {
        if (!isMissing(error)) throw storageProblem(error, `${name}/${path}`, "read");
      }
      await root(false).catch((error: unknown) => {
        throw isMissing(error) ? noFolder(name, error) : error;
      });
      return undefined;
    },
    async write(path, pieces) {
      checkPath(name, path);
      try {
        await writeWhole(await parent(path, true), baseName(path), pieces);
      } catch (error) {
        throw storageProblem(error, `${name}/${path}`, "write");
      }
    },
  };
}

/** Writes a file whole, or leaves what was there. Only a tab that dies meanwhile leaves an empty file where there was none. */
export async function writeWhole(
  parent: FileSystemDirectoryHandle,
  name: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const isNew = await parent.getFileHandle(name).then(
    () => false,
    () => true,
  );
  // What is written takes the file's place when it is closed; but for that, the file must be there.
  const target = await (await parent.getFileHandle(name, { create: true })).createWritable();
  try {
    for await (const piece of pieces) await target.write(piece as Uint8Array<ArrayBuffer>);
    await target.close();
  } catch (error) {
    await target.abort().catch(() => undefined);
    if (isNew) await parent.removeEntry(name).catch(() => undefined);
    throw error;
  }
}

/** The top of the origin's private file system. */
export async function privateStorage(): Promise<FileSystemDirectoryHandle> {
  const storage = (globalThis.navigator as Navigator | undefined)?.storage;
  if (typeof storage?.getDirectory !== "function") {
    throw new ConfigError(
      "there is no private file system here: browsers have one on pages that come over https or from localhost. In Node, use folder(path).",
    );
  }
  return storage.getDirectory();
}

/** The folder below another; with `create`, those that are missing are made. */
export async function descend(
  from: FileSystemDirectoryHandle,
  folders: readonly string[],
  create: boolean,
): Promise<FileSystemDirectoryHandle> {
  let at = from;
  for (const each of folders) at = await at.getDirectoryHandle(each, { create });
  return at;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

function noFolder(name: string, cause: unknown): CheckpointError {
  return new CheckpointError(
    `there is no folder ${name} in this browser's storage for this page. Check the path; it is made when something is saved into it.`,
    { folder: name },
    { cause },
  );
}
