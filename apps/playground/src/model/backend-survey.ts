import { type ReadonlySignal, signal } from "@preact/signals";
import { proxy } from "comlink";

import type { BackendId } from "../backends/backend-id.ts";
import type { Surveyed } from "../backends/survey-backend.ts";
import { attempt } from "../problems/problem.ts";
import { engine } from "./session.ts";

const found = signal<ReadonlyMap<BackendId, Surveyed>>(new Map());
let asked = false;

/** What is known by now of the backends in this browser. */
export const surveyed: ReadonlySignal<ReadonlyMap<BackendId, Surveyed>> = found;

/** Finds out which backends work here, once: gpu.js is large, and graphics devices take a moment to start. */
export function survey(): void {
  if (asked) return;
  asked = true;
  const told = (row: Surveyed): void => {
    found.value = new Map(found.value).set(row.id, row);
  };
  void attempt("The backends could not be tried", () => engine().surveys.run(proxy(told)));
}
