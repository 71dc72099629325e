import {
  dynamicNtkScaling,
  linearScaling,
  llama3Scaling,
  localGlobalPosition,
  longRopeScaling,
  RotaryPosition,
  yarnScaling,
  type DynamicNtkScalingOptions,
  type Llama3ScalingOptions,
  type LongRopeScalingOptions,
  type RotaryScaling,
  type YarnScalingOptions,
} from "@tenon/positional";
import { ConfigError } from "@tenon/tensor";
import { z } from "zod";

import { size } from "../size.ts";
import { wholeWidth } from "./heads-of.ts";
import type { Given, Kind } from "./kind.ts";

/** How angles are changed for texts longer than those of the training, by the name of a function of `@tenon/positional`. */
type Scaling =
  | { kind: "linear"; factor: number }
  | ({ kind: "dynamic-ntk" } & DynamicNtkScalingOptions)
  | ({ kind: "yarn" } & YarnScalingOptions)
  | ({ kind: "long-rope" } & LongRopeScalingOptions)
  | ({ kind: "llama-3" } & Llama3ScalingOptions);

const factor = z.number().min(1).describe("a number from 1 up");
const factors = z.array(z.number().positive());
const scalings: z.ZodType<Scaling> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("linear"), factor }),
  z.strictObject({ kind: z.literal("dynamic-ntk"), factor, context: size }),
  z.strictObject({
    kind: z.literal("yarn"),
    factor,
    context: size,
    betaFast: z.number().positive().optional(),
    betaSlow: z.number().positive().optional(),
    attentionFactor: z.number().positive().optional(),
    truncate: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal("long-rope"),
    context: size,
    shortFactors: factors,
    longFactors: factors,
    factor,
    attentionFactor: z.number().positive().optional(),
  }),
  z.strictObject({
    kind: z.literal("llama-3"),
    factor,
    context: size,
    lowFrequencyFactor: z.number().positive().optional(),
    highFrequencyFactor: z.number().positive().optional(),
  }),
]);
function scalingOf(scaling: Scaling): RotaryScaling {
  switch (scaling.kind) {
    case "linear":
      return linearScaling(scaling.factor);
    case "dynamic-ntk":
      return dynamicNtkScaling(scaling);
    case "yarn":
      return yarnScaling(scaling);
    case "long-rope":
      return longRopeScaling(scaling);
    case "llama-3":
      return llama3Scaling(scaling);
  }
}

/**
 * Queries and keys turn with their position, or the first `fraction` of each head does. `scaling` is for texts longer than those of the training, whose length
 * is its `context`; `local` gives all layers but every so many a base of their own, without a scaling.
 */
export const rotaryPosition: Kind<
  "position",
  {
    kind: "rotary";
    base: number;
    fraction: number;
    layout?: "half-split" | "interleaved" | undefined;
    scaling?: Scaling | undefined;
    local?: { base: number; every: number } | undefined;
  }
> = {
  options: z.strictObject({
    kind: z.literal("rotary"),
    base: z.number().positive().default(10000),
    fraction: z.number().positive().max(1).default(1).describe("a number above 0 and at most 1"),
    layout: z.enum(["half-split", "interleaved"]).optional(),
    scaling: scalings.optional(),
    local: z.strictObject({ base: z.number().positive(), every: size.default(6) }).optional(),
  }),
  build: ({ base, fraction, layout, scaling, local }, given) => {
    const shared = { width: turnedWidthOf(given, fraction), fraction, context: given.context, layout };
    const global = new RotaryPosition({ ...shared, base, scaling: scaling && scalingOf(scaling) });
    if (local === undefined) return { attention: () => global };
    const near = new RotaryPosition({ ...shared, base: local.base });
    return { attention: localGlobalPosition({ local: near, global, every: local.every }) };
  },
};

/** The width of what turns of a head. Throws, in the words of the spec, unless its turned part splits into pairs. */
function turnedWidthOf(given: Given["position"], fraction: number): number {
  const each = wholeWidth("rotary", "turnedWidth", given);
  const pairs = (fraction * each) / 2;
  if (Math.abs(pairs - Math.round(pairs)) > 1e-6) {
    const share = fraction === 1 ? "" : `, of which the fraction ${fraction} is ${2 * pairs}`;
    throw new ConfigError(
      `"rotary" turns elements in pairs, but this spec.attention lets ${each} elements of each head turn${share}: no even number. Choose another width, number of heads, width of the heads or fraction`,
      { turned: each, width: given.width, fraction },
    );
  }
  return each;
}
