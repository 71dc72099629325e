import { AlibiPosition, LearnedPosition, RelativePosition, SinusoidalPosition, T5Bias } from "@tenon/positional";
import { ConfigError } from "@tenon/tensor";
import { z } from "zod";

import { size } from "../size.ts";
import { shown } from "../validate.ts";
import type { Given, Heads, Kind } from "./kind.ts";

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

/** A bias for each distance up to `clip` ahead and behind, by trained vectors for the keys and, unless told otherwise, for the values. */
export const relativePosition: Kind<"position", { kind: "relative"; clip: number; values: boolean }> = {
  options: z.strictObject({
    kind: z.literal("relative"),
    clip: size.default(16),
    values: z.boolean().default(true),
  }),
  build: ({ clip, values }, given) => {
    const { queryWidth, valueWidth } = headsOf("relative", given);
    if (values && queryWidth !== valueWidth) {
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
    const { count: heads } = headsOf("t5", given);
    const position = new T5Bias({ heads, buckets, maxDistance, bidirectional: !given.causal, random: given.random });
    return { attention: () => position };
  },
};

/** Scores fall with the distance, at a fixed slope for each head. */
export const alibiPosition: Kind<"position", { kind: "alibi" }> = {
  options: z.strictObject({ kind: z.literal("alibi") }),
  build: (_, given) => {
    const position = new AlibiPosition({ heads: headsOf("alibi", given).count });
    return { attention: () => position };
  },
};

/** What a scheme needs to know of the heads. Throws, in the words of the spec, where that is not to be had. */
function headsOf(scheme: string, { heads, attention, width }: Given["position"]): Heads {
  if (heads === undefined) {
    throw new ConfigError(
      `"${scheme}" needs to know the heads, and the attention of the kind ${shown(attention.kind)} says nothing of them; give that kind a \`heads\` function`,
      { attention: attention.kind },
    );
  }
  if (![heads.queryWidth, heads.valueWidth].every(Number.isInteger)) {
    throw new ConfigError(
      `"${scheme}" needs whole heads, so spec.attention.heads must be a number that divides the width ${width}, got ${shown(attention.heads)}`,
      { heads: attention.heads, width },
    );
  }
  return heads;
}
