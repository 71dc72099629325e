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
import * as z from "zod";

import { size } from "../size.ts";
import { call, construct, imported, unless, type Expression } from "../typescript/expression.ts";
import { wholeWidth } from "./heads-of.ts";
import type { Given, Kind } from "./kind.ts";

/** How angles are changed for texts longer than those of the training, by the name of a function of `@tenon/positional`. */
type Scaling =
  | { kind: "linear"; factor: number }
  | ({ kind: "dynamic-ntk" } & DynamicNtkScalingOptions)
  | ({ kind: "yarn" } & YarnScalingOptions)
  | ({ kind: "long-rope" } & LongRopeScalingOptions)
  | ({ kind: "llama-3" } & Llama3ScalingOptions);

const factor = z.number().min(1).describe("a number from 1 up").meta({ title: "By how much the context grows" });
const context = size.meta({ title: "Length of the texts that the model was trained with" });
const attentionFactor = z
  .number()
  .positive()
  .optional()
  .meta({ title: "What scores are multiplied by. Default: as in the paper" });
const factors = (texts: string): z.ZodType<number[]> =>
  z.array(z.number().positive()).meta({ title: `What divides the frequency of each pair in ${texts} texts` });
const scalings: z.ZodType<Scaling> = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("linear").meta({ title: "Positions are divided by the factor (Chen et al. 2023)" }),
    factor,
  }),
  z.strictObject({ kind: z.literal("dynamic-ntk").meta({ title: "The base grows with the text" }), factor, context }),
  z.strictObject({
    kind: z.literal("yarn").meta({ title: "YaRN (Peng et al. 2023)" }),
    factor,
    context,
    betaFast: z
      .number()
      .positive()
      .optional()
      .meta({ title: "Pairs that turn at least so often in the context stay as they are" }),
    betaSlow: z
      .number()
      .positive()
      .optional()
      .meta({ title: "Pairs that turn at most so often in the context are slowed in full" }),
    attentionFactor,
    truncate: z.boolean().optional().meta({ title: "Are the limits between the pairs rounded to whole ones?" }),
  }),
  z.strictObject({
    kind: z.literal("long-rope").meta({ title: "LongRoPE (Ding et al. 2024)" }),
    context,
    shortFactors: factors("short"),
    longFactors: factors("long"),
    factor,
    attentionFactor,
  }),
  z.strictObject({
    kind: z.literal("llama-3").meta({ title: "As in Llama 3.1" }),
    factor,
    context,
    lowFrequencyFactor: z
      .number()
      .positive()
      .optional()
      .meta({ title: "Waves longer than context / this are slowed in full" }),
    highFrequencyFactor: z
      .number()
      .positive()
      .optional()
      .meta({ title: "Waves shorter than context / this stay as they are" }),
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
function scalingCode({ kind, ...options }: Scaling): Expression {
  const made = imported(scalingNames[kind], "@tenon/positional");
  return kind === "linear" ? call(made, options.factor) : call(made, options);
}
const scalingNames: Readonly<Record<Scaling["kind"], string>> = {
  linear: "linearScaling",
  "dynamic-ntk": "dynamicNtkScaling",
  yarn: "yarnScaling",
  "long-rope": "longRopeScaling",
  "llama-3": "llama3Scaling",
};

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
  options: z
    .strictObject({
      kind: z.literal("rotary"),
      base: z
        .number()
        .positive()
        .default(10000)
        .meta({ title: "The slowest pair turns about 1 / base as fast as the fastest" }),
      fraction: z
        .number()
        .positive()
        .max(1)
        .default(1)
        .describe("a number above 0 and at most 1")
        .meta({ title: "The share of each head that turns" }),
      layout: z
        .enum(["half-split", "interleaved"])
        .optional()
        .meta({ title: "Which elements are a pair. Default half-split" }),
      scaling: scalings.optional().meta({ title: "How texts longer than those of the training are met" }),
      local: z
        .strictObject({
          base: z.number().positive().meta({ title: "The base of the local layers" }),
          every: size.default(6).meta({ title: "Every how manieth layer is global" }),
        })
        .optional()
        .meta({ title: "A base of their own for all layers but some, as in Gemma 3" }),
    })
    .meta({ title: "Queries and keys turn with their position: RoPE (Su et al. 2021)" }),
  build: ({ base, fraction, layout, scaling, local }, given) => {
    const shared = { width: turnedWidthOf(given, fraction), fraction, context: given.context, layout };
    const global = new RotaryPosition({ ...shared, base, scaling: scaling && scalingOf(scaling) });
    if (local === undefined) return { attention: () => global };
    const near = new RotaryPosition({ ...shared, base: local.base });
    return { attention: localGlobalPosition({ local: near, global, every: local.every }) };
  },
  code: ({ base, fraction, layout, scaling, local }, { heads, context }) => {
    const rotary = (base: number, scaling?: Scaling): Expression =>
      construct("RotaryPosition", "@tenon/positional", {
        width: heads?.turnedWidth,
        base: unless(base, 10000),
        fraction: unless(fraction, 1),
        context,
        layout: unless(layout, "half-split"),
        scaling: scaling && scalingCode(scaling),
      });
    const global = rotary(base, scaling);
    if (local === undefined) return { attention: global };
    const options = { local: rotary(local.base), global, every: unless(local.every, 6) };
    return { attentionOf: call(imported("localGlobalPosition", "@tenon/positional"), options) };
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
