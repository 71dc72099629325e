import { browserCheckpoints, type CheckpointFiles, checkpointsInMemory } from "@tenon/training";

import { runsFolder } from "../../model/saved-runs.ts";

/** Where runs are kept, each in a folder of its own. */
export interface RunShelf {
  /** Does what is kept here outlive the page? If not, why: a sentence. */
  readonly notLasting: string | undefined;
  names(): Promise<readonly string[]>;
  folder(name: string): CheckpointFiles;
  remove(name: string): Promise<void>;
}

/** The browser's storage; where there is none, the memory of the page. */
export async function openShelf(): Promise<RunShelf> {
  if (globalThis.navigator?.storage?.getDirectory === undefined)
    return shelfInMemory(
      "This page has no storage here, because it was not opened by https or from localhost. Download the model before you close it.",
    );
  try {
    const root = await navigator.storage.getDirectory();
    await root.getDirectoryHandle(runsFolder, { create: true });
    return browserShelf(root);
  } catch {
    return shelfInMemory(
      "The browser gives this page no storage, as in a private window. Download the model before you close it.",
    );
  }
}

function browserShelf(root: FileSystemDirectoryHandle): RunShelf {
  return {
    notLasting: undefined,
    async names() {
      const folder = await root.getDirectoryHandle(runsFolder, { create: true });
      const names: string[] = [];
      // TypeScript's types of the browser lack the iterators of a folder.
      for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
      return names.sort();
    },
    folder: (name) => browserCheckpoints(`${runsFolder}/${name}`),
    async remove(name) {
      const folder = await root.getDirectoryHandle(runsFolder, { create: true });
      await folder.removeEntry(name, { recursive: true });
    },
  };
}

/** A shelf that lasts as long as the page, or a test. */
export function shelfInMemory(notLasting: string | undefined): RunShelf {
  const folders = new Map<string, CheckpointFiles>();
  return {
    notLasting,
    async names() {
      // A folder is there when something lies in it.
      const filled = await Promise.all(
        [...folders].map(async ([name, folder]) => ((await folder.list()).length > 0 ? [name] : [])),
      );
      return filled.flat().sort();
    },
    folder(name) {
      const found = folders.get(name) ?? { ...checkpointsInMemory(), name: `${runsFolder}/${name}` };
      folders.set(name, found);
      return found;
    },
    remove(name) {
      folders.delete(name);
      return Promise.resolve();
    },
  };
}
