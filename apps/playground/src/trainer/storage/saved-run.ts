import type { SavedRun } from "../run-state.ts";
import { readHistory } from "./run-history.ts";
import { readRecord } from "./run-record.ts";
import type { RunShelf } from "./run-shelf.ts";
import { summary } from "./summary.ts";

/** What a folder says of its run; undefined for one without a record that can be read: there is nothing to go on with. */
export async function savedRun(name: string, shelf: RunShelf): Promise<SavedRun | undefined> {
  try {
    const files = shelf.folder(name);
    return summary(name, await readRecord(files), await readHistory(files), shelf.notLasting === undefined);
  } catch {
    return undefined;
  }
}
