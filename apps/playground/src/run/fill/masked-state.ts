import { type Signal, signal } from "@preact/signals";

/** The text whose masks are filled, with [MASK] for each. */
export const maskedText: Signal<string> = signal(
  "The [MASK] rolled away and fell into the river, and Tom began to [MASK].",
);
