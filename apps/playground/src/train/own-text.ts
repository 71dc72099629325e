import { type Signal, signal } from "@preact/signals";

import type { TextSource } from "../trainer/run-plan.ts";

/** The visitor's own text, as long as the page is open: the run that learns from it keeps a copy. */
export const ownText: Signal<Exclude<TextSource, { kind: "stories" }> | undefined> = signal(undefined);
