import { AlibiPosition, LearnedPosition, RelativePosition, SinusoidalPosition, T5Bias } from "@tenon/positional";
import { ConfigError } from "@tenon/tensor";
import * as z from "zod";

import { size } from "../size.ts";
import { construct, unless } from "../typescript/expression.ts";
import { expectScores, wholeWidth } from "./heads-of.ts";
import type { Kind } from "./kind.ts";

/** Positions nowhere: a decoder can still tell order from its causal mask, an encoder cannot. */
export const noPosition: Kind<"position", { kind: "none" }> = {
  options: z.strictObject({ kind: z.literal("none") }).meta({ title: "No positions; a causal mask still tells order" }),
  build: () => ({}),
  code: () => ({}),
};

/** A trained vector for each position, added to the embeddings; `reserved` rows of the table before the first stand for none. */
export const learnedPosition: Kind<"position", { kind: "learned"; reserved?: number | undefined }> = {
  options: z
    .strictObject({
      kind: z.literal("learned"),
      reserved: z
        .int()
        .min(0)
        .max(1000)
        .describe("a whole number from 0 up")
        .optional()
        .meta({ title: "How many rows of the table before the first stand for no position. Default 0" }),
    })
    .meta({ title: "A trained vector for each position, added to the embeddings" }),
  build: ({ reserved }, { context, tokenWidth: width, random }) => ({
    embedding: new LearnedPosition({ context, reserved, width, random }),
  }),
  code: ({ reserved = 0 }, { context, tokenWidth: width, random }) => ({
    embedding: construct("LearnedPosition", "@tenon/positional", {
      context,
      reserved: unless(reserved, 0),
      width,
      random,
    }),
  }),
};

/** Sines and cosines, added to the embeddings: in turns, or with all sines in the first half. */
export const sinusoidalPosition: Kind<
  "position",
  { kind: "sinusoidal"; layout?: "interleaved" | "half-split" | undefined }
> = {
  options: z
    .strictObject({
      kind: z.literal("sinusoidal"),
      layout: z
        .enum(["interleaved", "half-split"])
        .optional()
        .meta({ title: "Where the sines stand: in turns with the cosines, or before them. Default interleaved" }),
    })
    .meta({ title: "Sines and cosines, added to the embeddings (Vaswani et al. 2017)" }),
  build: ({ layout }, { tokenWidth: width }) => ({ embedding: new SinusoidalPosition({ width, layout }) }),
  code: ({ layout = "interleaved" }, { tokenWidth: width }) => ({
    embedding: construct("SinusoidalPosition", "@tenon/positional", { width, layout: unless(layout, "interleaved") }),
  }),
};

/** A bias for each distance up to `clip` ahead and behind, by trained vectors for the keys and, unless told otherwise, for the values. */
export const relativePosition: Kind<"position", { kind: "relative"; clip: number; values: boolean }> = {
  options: z
    .strictObject({
      kind: z.literal("relative"),
      clip: size.default(16).meta({ title: "Distances beyond this one are told apart no more" }),
      values: z.boolean().default(true).meta({ title: "Is something added to the values, too?" }),
    })
    .meta({ title: "Trained vectors for each distance (Shaw et al. 2018)" }),
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
  code: ({ clip, values }, { heads, random }) => ({
    attention: construct("RelativePosition", "@tenon/positional", {
      width: heads?.queryWidth,
      clip,
      values: unless(values, true),
      random,
    }),
  }),
};

/** A trained bias for each head and bucket of distances, one table for all layers. */
export const t5Position: Kind<"position", { kind: "t5"; buckets: number; maxDistance: number }> = {
  options: z
    .strictObject({
      kind: z.literal("t5"),
      buckets: size.default(32).meta({ title: "How many buckets the distances fall in" }),
      maxDistance: size.default(128).meta({ title: "Distances from here on are in one bucket" }),
    })
    .meta({ title: "A trained bias for each head and bucket of distances (Raffel et al. 2020)" }),
  build: ({ buckets, maxDistance }, given) => {
    const { count: heads } = expectScores("t5", given);
    const position = new T5Bias({ heads, buckets, maxDistance, bidirectional: !given.causal, random: given.random });
    return { attention: () => position };
  },
  code: ({ buckets, maxDistance }, { heads, causal, random }) => ({
    attention: construct("T5Bias", "@tenon/positional", {
      heads: heads?.count,
      buckets: unless(buckets, 32),
      maxDistance: unless(maxDistance, 128),
      bidirectional: unless(!causal, true),
      random,
    }),
  }),
};

/** Scores fall with the distance, at a fixed slope for each head. */
export const alibiPosition: Kind<"position", { kind: "alibi" }> = {
  options: z
    .strictObject({ kind: z.literal("alibi") })
    .meta({ title: "Scores fall with the distance, at a fixed slope for each head (Press et al. 2021)" }),
  build: (_, given) => {
    const position = new AlibiPosition({ heads: expectScores("alibi", given).count });
    return { attention: () => position };
  },
  code: (_, { heads }) => ({ attention: construct("AlibiPosition", "@tenon/positional", { heads: heads?.count }) }),
};
