import { LearnedPosition, RotaryPosition, SinusoidalPosition } from "@tenon/positional";
import { ConfigError } from "@tenon/tensor";
import { z } from "zod";

import { shown } from "../validate.ts";
import type { Kind } from "./kind.ts";

/** Positions nowhere: a decoder can still tell order from its causal mask, an encoder cannot. */
export const noPosition: Kind<"position", { kind: "none" }> = {
  options: z.strictObject({ kind: z.literal("none") }),
  build: () => ({}),
};

/** A trained vector for each position, added to the embeddings. */
export const learnedPosition: Kind<"position", { kind: "learned" }> = {
  options: z.strictObject({ kind: z.literal("learned") }),
  build: (_, { context, width, random }) => ({ embedding: new LearnedPosition({ context, width, random }) }),
};

/** Sines and cosines, added to the embeddings. */
export const sinusoidalPosition: Kind<"position", { kind: "sinusoidal" }> = {
  options: z.strictObject({ kind: z.literal("sinusoidal") }),
  build: (_, { width }) => ({ embedding: new SinusoidalPosition({ width }) }),
};

/** Queries and keys turn with their position, or the first `fraction` of each head does. */
export const rotaryPosition: Kind<"position", { kind: "rotary"; base: number; fraction: number }> = {
  options: z.strictObject({
    kind: z.literal("rotary"),
    base: z.number().positive().default(10000),
    fraction: z.number().positive().max(1).default(1).describe("a number above 0 and at most 1"),
  }),
  build: ({ base, fraction }, { width, context, attention }) => {
    const headWidth = headWidthOf(width, attention.heads, fraction);
    const position = new RotaryPosition({ width: headWidth, base, fraction, context });
    return { attention: () => position };
  },
};

/** The width of a head. Throws, in the words of the spec, unless its turned part splits into pairs. */
function headWidthOf(width: number, heads: unknown, fraction: number): number {
  if (typeof heads !== "number" || width % heads !== 0) {
    throw new ConfigError(
      `"rotary" turns whole heads, so spec.attention.heads must be a number that divides the width ${width}, got ${shown(heads)}`,
      { heads, width },
    );
  }
  const headWidth = width / heads;
  const pairs = (fraction * headWidth) / 2;
  if (Math.abs(pairs - Math.round(pairs)) > 1e-6) {
    const share = fraction === 1 ? "" : `, of which the fraction ${fraction} is ${2 * pairs}`;
    throw new ConfigError(
      `"rotary" turns elements in pairs, but width ${width} and heads ${heads} make heads of ${headWidth}${share}: no even number. Choose another width, number of heads or fraction`,
      { heads, width, fraction },
    );
  }
  return headWidth;
}
