import { CheckpointError, type Shape, sizeOf } from "@tenon/tensor";

import { sameShape } from "../same-shape.ts";
import type { OptimiserState } from "./optimiser.ts";

/** Names that a message lists before it only counts the rest. */
const listed = 8;

/**
 * Checks a state against the names and shapes that an optimiser expects, and gives access to its values. `isCount` tells which
 * arrays hold whole numbers. Throws one `CheckpointError` that lists everything wrong.
 */
export function expectState(
  optimiser: string,
  state: OptimiserState,
  expected: ReadonlyMap<string, Shape>,
  isCount: (name: string) => boolean,
): (name: string) => Float32Array {
  const missing = [...expected.keys()].filter((name) => !state.has(name));
  const unexpected = [...state.keys()].filter((name) => !expected.has(name));
  const unfitting: string[] = [];
  for (const [name, { shape, data }] of state) {
    const wanted = expected.get(name);
    if (wanted === undefined) continue;
    if (!sameShape(shape, wanted) || data.length !== sizeOf(wanted)) {
      unfitting.push(
        `${name} (expected [${wanted.join(", ")}], got [${shape.join(", ")}] with ${data.length} numbers)`,
      );
    } else if (isCount(name) && !(Number.isInteger(data[0]) && data[0]! >= 0)) {
      unfitting.push(`${name} (expected a whole number from 0 up, got ${data[0]})`);
    }
  }
  if (missing.length + unexpected.length + unfitting.length > 0) {
    const problems = [list("missing", missing), list("unexpected", unexpected), list("not fitting", unfitting)];
    throw new CheckpointError(
      `${optimiser}: the saved state does not fit the model, and nothing was loaded. ${problems.filter((text) => text !== "").join("; ")}. Load the state that was saved with this model, or begin a new run without it.`,
      { missing, unexpected, unfitting },
    );
  }
  return (name) => state.get(name)!.data;
}

function list(title: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const more = names.length > listed ? ` and ${names.length - listed} more` : "";
  return `${names.length} ${title}: ${names.slice(0, listed).join(", ")}${more}`;
}
