import type { SavedRun } from "../run-state.ts";
import { storiesName } from "../text/stories-name.ts";
import type { SavedHistory } from "./run-history.ts";
import type { RunRecord } from "./run-record.ts";

/** What a list says of a run. */
export function summary(
  name: string,
  { spec, text, settings, finished }: RunRecord,
  history: SavedHistory | undefined,
  lasting: boolean,
): SavedRun {
  return {
    name,
    kind: String(spec["kind"]),
    text: text.kind === "stories" ? storiesName(text.count) : text.name,
    step: history?.step ?? 0,
    steps: settings.steps,
    heldOut: history?.curve.heldOut.at(-1),
    finished,
    lasting,
  };
}
