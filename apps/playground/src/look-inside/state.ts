import { type Signal, signal } from "@preact/signals";

import type { AblateBy } from "../engine/inspection/intervention-data.ts";
import { placeOf } from "./change/place-name.ts";

/** What can be looked at, in the order of the tabs. */
export const views = ["attention", "stream", "lens", "ablate", "patch", "positions"] as const;
export type View = (typeof views)[number];

/** What a visitor has chosen on this place. It stays when another place is visited, and in the address. */
export interface Chosen {
  readonly view: View;
  /** The texts that were typed; undefined as long as they are the usual ones of the model. */
  readonly text: string | undefined;
  readonly written: string | undefined;
  /** The text that activations are taken from. */
  readonly other: string | undefined;
  /** Which kind of attention is shown, and of which layer and head. */
  readonly attention: number;
  readonly layer: number;
  readonly head: number;
  /** The token that is asked about; undefined for the usual one. */
  readonly position: number | undefined;
  /** What is taken out, by its place: "2 attention", "2 attention 3". */
  readonly out: readonly string[];
  readonly by: AblateBy;
  /** What is patched, by its place, and at which position; undefined for all. */
  readonly patched: string;
  readonly patchedAt: number | undefined;
}

const nothing: Chosen = {
  view: "attention",
  text: undefined,
  written: undefined,
  other: undefined,
  attention: 0,
  layer: 0,
  head: 0,
  position: undefined,
  out: [],
  by: "zero",
  patched: "0 stream",
  patchedAt: undefined,
};

export const chosen: Signal<Chosen> = signal(nothing);

/** What it is called in the address. */
export const parameterNames = Object.keys(nothing) as readonly (keyof Chosen)[];

/** Changes some of it. */
export function choose(some: Partial<Chosen>): void {
  chosen.value = { ...chosen.value, ...some };
}

/** What stands in the address: only what is not as usual. */
export function parametersOf(state: Chosen): Record<string, string> {
  return Object.fromEntries(
    Object.entries(state)
      .filter(([key, value]) => value !== undefined && String(value) !== String(nothing[key as keyof Chosen]))
      .map(([key, value]) => [key, String(value)]),
  );
}

/** The same the other way round. What makes no sense counts as usual. */
export function chosenFrom(parameters: URLSearchParams): Chosen {
  const text = (key: string): string | undefined => parameters.get(key) ?? undefined;
  const whole = (key: string): number | undefined => {
    const value = parameters.get(key);
    return value !== null && /^\d{1,4}$/.test(value) ? Number(value) : undefined;
  };
  return {
    view: views.find((view) => view === parameters.get("view")) ?? nothing.view,
    text: text("text"),
    written: text("written"),
    other: text("other"),
    attention: whole("attention") ?? 0,
    layer: whole("layer") ?? 0,
    head: whole("head") ?? 0,
    position: whole("position"),
    out: (text("out") ?? "").split(",").filter(isAblated),
    by: text("by") === "mean" ? "mean" : "zero",
    patched: placeOf(text("patched") ?? "") === undefined ? nothing.patched : text("patched")!,
    patchedAt: whole("patchedAt"),
  };
}

/** The stream itself cannot be taken out. */
function isAblated(name: string): boolean {
  const place = placeOf(name);
  return place !== undefined && place.part !== "stream";
}
