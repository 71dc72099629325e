import { type Signal, signal } from "@preact/signals";

/** The sentences that are compared. */
export const sentences: Signal<readonly string[]> = signal([
  "Mia the fox was very happy.",
  "Tom the cat was very sad.",
  "It began to rain.",
  "The wind blew the hat away.",
]);
