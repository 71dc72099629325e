import { CheckpointError, ConfigError } from "@tenon/tensor";

import type { CheckpointFiles } from "../checkpoints/checkpoint-files.ts";

const remedies: Readonly<Record<string, string>> = {
  QuotaExceededError: "the browser's storage for this page is full. Delete something from it, or make room on the disk",
  NoModificationAllowedError: "another tab is writing it. Close that tab, or wait",
  NotFoundError: "there is no such file. Check the path",
};

/**
 * A folder of a page's own storage (the origin private file system) as a place for the checkpoints of one run: they are there when the page is opened
 * again, until the user or the browser clears the storage of the site. `path` has folders between slashes, which are made with the first checkpoint.
 *
 * A file takes its name when it is whole. A tab that dies as it saves may leave an empty one under the new name, which `latest` passes over.
 *
 * Throws `ConfigError` for a path with an empty name, or one of dots, in it. Its methods throw `CheckpointError` naming the file, and `ConfigError` where the browser has
 * no such storage.
 *
 * @example
 * ```ts
 * // In a page: new Checkpoints(browserCheckpoints("runs/first"))
 * console.log(browserCheckpoints("runs/first").name); // runs/first
 * ```
 */
export function browserCheckpoints(path: string): CheckpointFiles {
  const folders = path.split("/");
  if (folders.some((name) => ["", ".", ".."].includes(name)))
    throw new ConfigError(
      `browserCheckpoints: a path is names with a slash between each two, as in "runs/first", got ${JSON.stringify(path)}`,
      { path },
    );
  const folder = async (create: boolean): Promise<FileSystemDirectoryHandle> => {
    if (globalThis.navigator?.storage?.getDirectory === undefined)
      throw new ConfigError(
        "this place has no storage for a page's own files: open the page by https, or from localhost",
      );
    let at = await navigator.storage.getDirectory();
    for (const name of folders) at = await at.getDirectoryHandle(name, { create });
    return at;
  };
  const blame = (file: string, task: "read" | "write") => (error: unknown) => {
    if (!(error instanceof DOMException)) throw error;
    const problem = remedies[error.name] ?? `${error.message} Check the browser's settings`;
    throw new CheckpointError(`cannot ${task} ${file}: ${problem}.`, { file, code: error.name }, { cause: error });
  };
  const isMissing = (error: unknown): boolean => error instanceof DOMException && error.name === "NotFoundError";
  return {
    name: path,
    async list() {
      try {
        const names: string[] = [];
        // TypeScript's types of the browser lack the iterators of a folder.
        const entries = (await folder(false)) as unknown as { keys(): AsyncIterable<string> };
        for await (const name of entries.keys()) names.push(name);
        return names;
      } catch (error) {
        return isMissing(error) ? [] : blame(path, "read")(error);
      }
    },
    async read(file) {
      const content = async (): Promise<ArrayBuffer> =>
        (await (await (await folder(false)).getFileHandle(file)).getFile()).arrayBuffer();
      return new Uint8Array(await content().catch(blame(`${path}/${file}`, "read")));
    },
    async write(file, bytes) {
      const write = async (): Promise<void> => {
        const at = await folder(true);
        const handle = await at.getFileHandle(file, { create: true });
        try {
          const target = await handle.createWritable();
          await target.write(bytes as Uint8Array<ArrayBuffer>).catch(async (error: unknown) => {
            await target.abort().catch(() => undefined);
            throw error;
          });
          await target.close();
        } catch (error) {
          // The name was there before the content.
          if ((await handle.getFile()).size === 0) await at.removeEntry(file);
          throw error;
        }
      };
      await write().catch(blame(`${path}/${file}`, "write"));
    },
    async remove(file) {
      try {
        await (await folder(false)).removeEntry(file);
      } catch (error) {
        if (!isMissing(error)) blame(`${path}/${file}`, "write")(error);
      }
    },
  };
}
