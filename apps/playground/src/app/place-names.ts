import type { Place } from "./route.ts";

/** What the places are called on the page. */
export const placeNames: { readonly [place in Place]: string } = {
  assemble: "Assemble",
  train: "Train",
  run: "Run",
  "look-inside": "Look inside",
};
