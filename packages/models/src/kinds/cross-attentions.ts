import { AdditiveAttention, MultiHeadCrossAttention, MultiplicativeAttention } from "@tenon/attention";
import * as z from "zod";

import { size } from "../size.ts";
import { multiHeadOptions } from "./attentions.ts";
import { construct, unless } from "../typescript/expression.ts";
import type { Kind } from "./kind.ts";

const hidden = size
  .optional()
  .describe("a whole number from 1 up")
  .meta({ title: "Width of the hidden layer. Default: that of the stream" });
const output = z.boolean().default(true).meta({ title: "Is there a map after what is found?" });

/** Multi-head attention to the memory; grouped-query attention when there are fewer key-value heads. */
export const multiHeadCrossAttention: Kind<
  "crossAttention",
  {
    kind: "multi-head";
    heads: number;
    keyValueHeads?: number | undefined;
    headWidth?: number | undefined;
    bias: boolean | "input" | "output";
    headNorm?: boolean | undefined;
    gate?: "element" | "head" | undefined;
    scale?: number | undefined;
    softCap?: number | undefined;
    sinks?: boolean | undefined;
  }
> = {
  options: z
    .strictObject({
      kind: z.literal("multi-head"),
      ...multiHeadOptions,
    })
    .meta({ title: "Multi-head attention to the source (Vaswani et al. 2017)" }),
  build: (
    { heads, keyValueHeads, bias, headNorm, headWidth, gate, scale, softCap, sinks },
    { width, random, headNorm: norm },
  ) =>
    new MultiHeadCrossAttention({
      width,
      heads,
      keyValueHeads,
      bias: typeof bias === "string" ? { input: bias === "input", output: bias === "output" } : bias,
      random,
      variant: { headWidth, gate, scale, softCap, sinks, headNorm: headNorm === true ? norm : undefined },
    }),
  code: (
    { heads, keyValueHeads, bias, headNorm, headWidth, gate, scale, softCap, sinks },
    { width, random, headNorm: norm },
  ) =>
    construct("MultiHeadCrossAttention", "@tenon/attention", {
      width,
      heads,
      keyValueHeads: unless(keyValueHeads, heads),
      bias: typeof bias === "string" ? { input: bias === "input", output: bias === "output" } : unless(bias, true),
      random,
      variant: {
        headWidth,
        gate,
        scale,
        softCap,
        sinks: unless(sinks, false),
        headNorm: headNorm === true ? norm : undefined,
      },
    }),
};

/** Bahdanau's: a hidden layer of the width `hidden` compares the two. */
export const additiveCrossAttention: Kind<
  "crossAttention",
  { kind: "additive"; hidden?: number | undefined; output: boolean }
> = {
  options: z
    .strictObject({ kind: z.literal("additive"), hidden, output })
    .meta({ title: "A hidden layer compares target and source (Bahdanau et al. 2014)" }),
  build: ({ hidden, output }, { width, random }) => new AdditiveAttention({ width, hidden, output, random }),
  code: ({ hidden, output }, { width, random }) =>
    construct("AdditiveAttention", "@tenon/attention", { width, hidden, output: unless(output, false), random }),
};

/** Luong's: the two are compared by a product, as they are ("dot") or through a matrix ("general"), or side by side ("concat"). */
export const multiplicativeCrossAttention: Kind<
  "crossAttention",
  { kind: "multiplicative"; score: "dot" | "general" | "concat"; output: boolean }
> = {
  options: z
    .strictObject({
      kind: z.literal("multiplicative"),
      score: z
        .enum(["dot", "general", "concat"])
        .default("general")
        .meta({ title: "How the two are compared: as they are, through a matrix, or side by side" }),
      output,
    })
    .meta({ title: "A product compares target and source (Luong et al. 2015)" }),
  build: ({ score, output }, { width, random }) => new MultiplicativeAttention({ width, score, output, random }),
  code: ({ score, output }, { width, random }) =>
    construct("MultiplicativeAttention", "@tenon/attention", {
      width,
      score: unless(score, "general"),
      output: unless(output, false),
      random,
    }),
};
