import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { proxy } from "comlink";

import { type BackendId, backendIds } from "../../backends/backend-id.ts";
import type { Compared, ComparisonEvent } from "../../engine/compared.ts";
import { engine } from "../../model/session.ts";
import { attempt } from "../../problems/problem.ts";
import { prompt } from "../write/write-state.ts";

/** What a comparison has found up to now. */
export interface ComparisonSoFar {
  readonly prompt: string;
  /** The tokens of the fixed pass. */
  readonly tokens: readonly string[];
  readonly rows: readonly Compared[];
  /** What is computing now. */
  readonly computing: BackendId | undefined;
  readonly ended: "no" | "yes" | "stopped";
}

/** The backends that are to be compared. */
export const chosenBackends: Signal<ReadonlySet<BackendId>> = signal(new Set(["cpu", "wasm"]));
/** How many tokens each of them generates. */
export const comparedTokens: Signal<number> = signal(40);

const now = signal<ComparisonSoFar | undefined>(undefined);
export const comparison: ReadonlySignal<ComparisonSoFar | undefined> = now;

let latest = 0;

/** Compares the chosen backends. */
export async function compare(): Promise<void> {
  const mine = ++latest;
  now.value = { prompt: prompt.value, tokens: [], rows: [], computing: undefined, ended: "no" };
  const told = (event: ComparisonEvent): void => {
    const before = now.value;
    if (mine !== latest || before === undefined) return;
    if (event.kind === "pass") now.value = { ...before, tokens: event.tokens };
    else if (event.kind === "computing") now.value = { ...before, computing: event.id };
    else now.value = { ...before, rows: [...before.rows, event.row] };
  };
  const request = {
    backends: backendIds.filter((id) => chosenBackends.value.has(id)),
    from: { kind: "text", text: prompt.value },
    tokens: comparedTokens.value,
  } as const;
  const done = await attempt("The backends could not be compared", () => engine().comparison.run(request, proxy(told)));
  if (mine !== latest || now.value === undefined) return;
  // Not by the rows that there are: what is told may come after the answer.
  now.value = { ...now.value, computing: undefined, ended: done === true ? "yes" : "stopped" };
}

/** Stops the comparison when the backend that computes now is through with its token. */
export function stopComparing(): void {
  void engine().running.stop();
}

/** Forgets what was found: it was another model. */
export function forgetComparison(): void {
  latest++;
  now.value = undefined;
}
