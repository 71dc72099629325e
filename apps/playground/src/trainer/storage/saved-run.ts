import type { SavedRun } from "../run-state.ts";
import { storiesName } from "../text/read-source.ts";
import { RunHistory } from "./run-history.ts";
import { readRecord } from "./run-record.ts";
import type { RunShelf } from "./run-shelf.ts";

/** What a folder says of its run; undefined for one without a record that can be read: there is nothing to go on with. */
export async function savedRun(name: string, shelf: RunShelf): Promise<SavedRun | undefined> {
  try {
    const files = shelf.folder(name);
    const { spec, text, settings, finished } = await readRecord(files);
    const { step, heldOut } = await RunHistory.lastStep(files);
    const textName = text.kind === "stories" ? storiesName(text.count) : text.name;
    const lasting = shelf.notLasting === undefined;
    return {
      name,
      kind: String(spec["kind"]),
      text: textName,
      step,
      steps: settings.steps,
      heldOut,
      finished,
      lasting,
    };
  } catch {
    return undefined;
  }
}
