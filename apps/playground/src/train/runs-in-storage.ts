import { runsFolder } from "../model/saved-runs.ts";
import type { SavedRun } from "../trainer/run-state.ts";
import { historyName, recordName } from "../trainer/storage/file-names.ts";
import type { SavedHistory } from "../trainer/storage/run-history.ts";
import type { RunRecord } from "../trainer/storage/run-record.ts";
import { summary } from "../trainer/storage/summary.ts";

/**
 * The runs in the browser's storage, without the worker that trains: that one is large, and need not be loaded by those who only look. None where there is no
 * storage.
 */
export async function runsInStorage(): Promise<readonly SavedRun[]> {
  try {
    const root = await navigator.storage.getDirectory();
    // TypeScript's types of the browser lack the iterators of a folder.
    const folder = (await root.getDirectoryHandle(runsFolder)) as unknown as AsyncIterable<[string, FileSystemHandle]>;
    const runs: SavedRun[] = [];
    for await (const [name, handle] of folder) {
      const record = await readJson<RunRecord>(handle as FileSystemDirectoryHandle, recordName);
      const history = await readJson<SavedHistory>(handle as FileSystemDirectoryHandle, historyName);
      if (record?.version === 1) runs.push(summary(name, record, history, true));
    }
    return runs.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

async function readJson<T>(folder: FileSystemDirectoryHandle, name: string): Promise<T | undefined> {
  try {
    return JSON.parse(await (await (await folder.getFileHandle(name)).getFile()).text()) as T;
  } catch {
    return undefined;
  }
}
