import { type Tap, patch, trace } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

import type { Point } from "./anatomy.ts";
import type { Inspected } from "./subject.ts";

/** What is done at a point. */
export interface Edit extends Point {
  readonly change: Tap;
}

/** Runs the body with changes at points: where there are several at one, in the order given. */
export function edited<T>(model: Inspected, edits: readonly Edit[], body: () => T): T {
  const taps = [...new Set(edits.map(({ tap }) => tap))].map((tap): [string, Tap] => {
    const here = edits.filter((edit) => edit.tap === tap);
    let passed = 0;
    const change: Tap = (x, name) => {
      const now = passed++;
      return here.reduce((y, edit) => (edit.pass === now ? edit.change(y, name) : y), x);
    };
    return [tap, change];
  });
  return patch(model, Object.fromEntries(taps), body);
}

/** Runs the body and gives what passes the points, in their order. */
export function seen<T>(
  model: Inspected,
  points: readonly Point[],
  body: () => T,
): { output: T; tensors: readonly Tensor[] } {
  const { output, taps } = trace(
    model,
    points.map(({ tap }) => tap),
    body,
  );
  return { output, tensors: points.map(({ tap, pass }) => taps[tap]![pass]!) };
}
