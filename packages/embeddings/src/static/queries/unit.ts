import { ConfigError } from "@tenon/tensor";

import type { WordLookup } from "../word-lookup.ts";

/** The vector of a word. Throws `ConfigError`, with what is known in its place, for a word that has none. */
export function vectorOf(lookup: WordLookup, word: string): Float32Array {
  const vector = lookup.vector(word);
  if (vector !== undefined) return vector;
  const other = [word.toLowerCase(), word.replaceAll(" ", "_")].find((other) => lookup.vector(other) !== undefined);
  const remedy =
    other === undefined
      ? "spell it as the text did that they were learned from"
      : `there is one of ${JSON.stringify(other)}`;
  throw new ConfigError(`there is no vector of ${JSON.stringify(word)}; ${remedy}, or leave it out`, { word });
}

/** x/‖x‖, summed in double precision. Throws `ConfigError` where all is 0, or not finite, and so has no direction. */
export function unit(x: ArrayLike<number>, what: () => string): Float32Array {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!;
  if (!(sum > 0 && sum < Infinity))
    throw new ConfigError(`the vector of ${what()} has no direction: its length is ${Math.sqrt(sum)}. Leave it out`, {
      length: Math.sqrt(sum),
    });
  const scale = 1 / Math.sqrt(sum);
  return Float32Array.from({ length: x.length }, (_, i) => x[i]! * scale);
}

/** Σ x·y in double precision. */
export function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
