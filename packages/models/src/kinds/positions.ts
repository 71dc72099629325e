import { AlibiPosition, LearnedPosition, RelativePosition, SinusoidalPosition, T5Bias } from "@tenon/positional";
import { ConfigError } from "@tenon/tensor";
import { z } from "zod";

import { size } from "../size.ts";
import { expectScores, wholeWidth } from "./heads-of.ts";
import type { Kind } from "./kind.ts";

/** Positions nowhere: a decoder can still tell order from its causal mask, an encoder cannot. */
export const noPosition: Kind<"position", { kind: "none" }> = {
  options: z.strictObject({ kind: z.literal("none") }),
  build: () => ({}),
};

/** A trained vector for each position, added to the embeddings; `reserved` rows of the table before the first stand for none. */
export const learnedPosition: Kind<"position", { kind: "learned"; reserved?: number | undefined }> = {
  options: z.strictObject({
    kind: z.literal("learned"),
    reserved: z.int().min(0).max(1000).describe("a whole number from 0 up").optional(),
  }),
  build: ({ reserved }, { context, tokenWidth: width, random }) => ({
    embedding: new LearnedPosition({ context, reserved, width, random }),
  }),
};

/** Sines and cosines, added to the embeddings. */
export const sinusoidalPosition: Kind<"position", { kind: "sinusoidal" }> = {
  options: z.strictObject({ kind: z.literal("sinusoidal") }),
  build: (_, { tokenWidth }) => ({ embedding: new SinusoidalPosition({ width: tokenWidth }) }),
};

/** A bias for each distance up to `clip` ahead and behind, by trained vectors for the keys and, unless told otherwise, for the values. */
export const relativePosition: Kind<"position", { kind: "relative"; clip: number; values: boolean }> = {
  options: z.strictObject({
    kind: z.literal("relative"),
    clip: size.default(16),
    values: z.boolean().default(true),
  }),
  build: ({ clip, values }, given) => {
    expectScores("relative", given);
    const queryWidth = wholeWidth("relative", "queryWidth", given);
    const valueWidth = values ? wholeWidth("relative", "valueWidth", given) : queryWidth;
    if (queryWidth !== valueWidth) {
      throw new ConfigError(
        `"relative" has vectors of one width for keys and values, but this attention's queries are ${queryWidth} wide and its values ${valueWidth}; make them equal, or set values to false`,
        { queryWidth, valueWidth },
      );
    }
    const position = new RelativePosition({ width: queryWidth, clip, values, random: given.random });
    return { attention: () => position };
  },
};

/** A trained bias for each head and bucket of distances, one table for all layers. */
export const t5Position: Kind<"position", { kind: "t5"; buckets: number; maxDistance: number }> = {
  options: z.strictObject({ kind: z.literal("t5"), buckets: size.default(32), maxDistance: size.default(128) }),
  build: ({ buckets, maxDistance }, given) => {
    const { count: heads } = expectScores("t5", given);
    const position = new T5Bias({ heads, buckets, maxDistance, bidirectional: !given.causal, random: given.random });
    return { attention: () => position };
  },
};

/** Scores fall with the distance, at a fixed slope for each head. */
export const alibiPosition: Kind<"position", { kind: "alibi" }> = {
  options: z.strictObject({ kind: z.literal("alibi") }),
  build: (_, given) => {
    const position = new AlibiPosition({ heads: expectScores("alibi", given).count });
    return { attention: () => position };
  },
};
