import { descend, privateStorage, writeWhole } from "./browser-folder.ts";
import type { Shelf } from "./shelf.ts";
import { isMissing, storageProblem } from "./storage-problem.ts";

/** A {@link Shelf} in the origin private file system: keys are paths below `folder`. */
export function privateShelf(folder: string): Shelf {
  const split = (key: string): { folders: string[]; name: string } => {
    const parts = [...folder.split("/"), ...key.split("/")];
    return { folders: parts.slice(0, -1), name: parts.at(-1)! };
  };
  return {
    name: `${folder} of the browser's storage`,
    async get(key) {
      const { folders, name } = split(key);
      try {
        const parent = await descend(await privateStorage(), folders, false);
        return await (await parent.getFileHandle(name)).getFile();
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw storageProblem(error, key, "read");
      }
    },
    async put(key, content) {
      const { folders, name } = split(key);
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      try {
        await writeWhole(await descend(await privateStorage(), folders, true), name, [bytes]);
      } catch (error) {
        throw storageProblem(error, key, "write");
      }
    },
    async delete(key) {
      const { folders, name } = split(key);
      try {
        await (await descend(await privateStorage(), folders, false)).removeEntry(name);
      } catch (error) {
        if (!isMissing(error)) throw storageProblem(error, key, "write");
      }
    },
  };
}
