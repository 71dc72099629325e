import {
  alternating,
  LatentAttention,
  LinearAttention,
  local,
  MultiHeadAttention,
  window,
  type Mask,
} from "@tenon/attention";
import * as z from "zod";

import { size } from "../size.ts";
import { call, construct, imported, named, unless, type Expression } from "../typescript/expression.ts";
import type { LayerSurroundingsCode } from "./kind-code.ts";
import type { Kind, LayerSurroundings } from "./kind.ts";

const heads = size.meta({ title: "How many heads the queries have" });
const optionalSize = size.optional().describe("a whole number from 1 up");
const optionalNumber = z.number().positive().optional().describe("a number above 0");
const windows = z
  .array(size.nullable().describe("a whole number from 1 up, or null for all tokens"))
  .min(1)
  .optional()
  .describe("a list with the window of each layer in turn: a whole number from 1 up, or null for all tokens")
  .meta({ title: "How far each layer looks" });

type Windows = readonly (number | null)[] | undefined;

/** The window of a layer, as a pattern: a decoder's looks back, an encoder's as far to either side. */
function patternOf(windows: Windows, { layer, causal }: LayerSurroundings): Mask | undefined {
  const masks = windows?.map((size) => (size === null ? undefined : causal ? window(size) : local(size - 1)));
  return masks && alternating(...masks)(layer);
}

/** The same as code. */
function patternCode(windows: Windows, { layer, causal }: LayerSurroundingsCode): Expression | undefined {
  const masks = windows?.map((size) => {
    if (size === null) return named("undefined");
    return causal
      ? call(imported("window", "@tenon/attention"), size)
      : call(imported("local", "@tenon/attention"), size - 1);
  });
  if (masks === undefined || masks.length === 1) return masks?.[0];
  return call(call(imported("alternating", "@tenon/attention"), ...masks), layer);
}

/** What multi-head attention is told, be it to its own sequence or to another. */
export const multiHeadOptions: {
  readonly heads: z.ZodType<number>;
  readonly keyValueHeads: z.ZodOptional<z.ZodType<number>>;
  readonly headWidth: z.ZodOptional<z.ZodType<number>>;
  readonly bias: z.ZodDefault<z.ZodType<boolean | "input" | "output">>;
  readonly headNorm: z.ZodOptional<z.ZodType<boolean>>;
  readonly gate: z.ZodOptional<z.ZodType<"element" | "head">>;
  readonly scale: z.ZodOptional<z.ZodType<number>>;
  readonly softCap: z.ZodOptional<z.ZodType<number>>;
  readonly sinks: z.ZodOptional<z.ZodType<boolean>>;
} = {
  heads,
  keyValueHeads: optionalSize.meta({ title: "How many heads keys and values have. Default: as many as heads" }),
  headWidth: optionalSize.meta({ title: "Width of one head. Default: width / heads" }),
  bias: z
    .union([z.boolean(), z.enum(["input", "output"])])
    .default(true)
    .describe(`true, false, "input" or "output"`)
    .meta({
      title: "Do the projections add a bias, those of queries, keys and values alone, or that of the output?",
    }),
  headNorm: z.boolean().optional().meta({ title: "Are queries and keys normalised? Default false" }),
  gate: z
    .enum(["element", "head"])
    .optional()
    .meta({ title: "Is what is found gated, by element or by head? Default: it is not" }),
  scale: optionalNumber.meta({ title: "What scores are multiplied by. Default: 1 / the root of their width" }),
  softCap: optionalNumber.meta({ title: "Bends scores so that none is larger. Default: they stay as they are" }),
  sinks: z
    .boolean()
    .optional()
    .meta({ title: "Has each head a place to look at where it finds nothing? Default false" }),
};

/** Multi-head attention; grouped-query attention when there are fewer key-value heads; banded when there are windows. */
export const multiHeadAttention: Kind<
  "attention",
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
    windows?: Windows;
  }
> = {
  options: z
    .strictObject({
      kind: z.literal("multi-head"),
      ...multiHeadOptions,
      windows,
    })
    .meta({ title: "Multi-head attention (Vaswani et al. 2017); with fewer keyValueHeads, grouped queries" }),
  build: ({ heads, keyValueHeads, bias, headNorm, windows, headWidth, gate, scale, softCap, sinks }, given) =>
    new MultiHeadAttention({
      width: given.width,
      heads,
      keyValueHeads,
      bias: typeof bias === "string" ? { input: bias === "input", output: bias === "output" } : bias,
      position: given.position,
      random: given.random,
      variant: {
        headWidth,
        gate,
        scale,
        softCap,
        sinks,
        headNorm: headNorm === true ? given.headNorm : undefined,
        mask: patternOf(windows, given),
      },
    }),
  code: ({ heads, keyValueHeads, bias, headNorm, windows, headWidth, gate, scale, softCap, sinks }, given) =>
    construct("MultiHeadAttention", "@tenon/attention", {
      width: given.width,
      heads,
      keyValueHeads: unless(keyValueHeads, heads),
      bias: typeof bias === "string" ? { input: bias === "input", output: bias === "output" } : unless(bias, true),
      position: given.position,
      random: given.random,
      variant: {
        headWidth,
        gate,
        scale,
        softCap,
        sinks: unless(sinks, false),
        headNorm: headNorm === true ? given.headNorm : undefined,
        mask: patternCode(windows, given),
      },
    }),
  heads: ({ heads, headWidth }, { width }) => {
    const each = headWidth ?? width / heads;
    return { count: heads, queryWidth: each, valueWidth: each, turnedWidth: each };
  },
};

/** Keys and values of all heads from one small vector per position, which is all that is cached. */
export const latentAttention: Kind<
  "attention",
  {
    kind: "latent";
    heads: number;
    latentWidth: number;
    queryLatentWidth?: number | undefined;
    headWidth?: number | undefined;
    positionWidth?: number | undefined;
    valueWidth?: number | undefined;
    scale?: number | undefined;
    softCap?: number | undefined;
    windows?: Windows;
  }
> = {
  options: z
    .strictObject({
      kind: z.literal("latent"),
      heads,
      latentWidth: size.meta({ title: "Width of the vector that keys and values are made from" }),
      queryLatentWidth: optionalSize.meta({
        title: "Width of the vector that queries are made from. Default: they are made from the stream",
      }),
      headWidth: optionalSize.meta({
        title: "Width of the part of each head that knows nothing of positions. Default: width / heads",
      }),
      positionWidth: optionalSize.meta({
        title: "Width of the part of each head that positions turn. Default: headWidth / 2",
      }),
      valueWidth: optionalSize.meta({ title: "Width of what a head finds. Default: headWidth" }),
      scale: optionalNumber.meta({ title: "What scores are multiplied by. Default: 1 / the root of their width" }),
      softCap: optionalNumber.meta({ title: "Bends scores so that none is larger. Default: they stay as they are" }),
      windows,
    })
    .meta({ title: "Keys and values from one small vector per token (DeepSeek-AI 2024)" }),
  build: (
    { heads, latentWidth, queryLatentWidth, windows, headWidth, positionWidth, valueWidth, scale, softCap },
    given,
  ) =>
    new LatentAttention({
      width: given.width,
      heads,
      latentWidth,
      queryLatentWidth,
      position: given.position,
      random: given.random,
      variant: { headWidth, positionWidth, valueWidth, scale, softCap, mask: patternOf(windows, given) },
    }),
  code: ({ heads, latentWidth, queryLatentWidth, windows, ...variant }, given) =>
    construct("LatentAttention", "@tenon/attention", {
      width: given.width,
      heads,
      latentWidth,
      queryLatentWidth,
      position: given.position,
      random: given.random,
      variant: {
        headWidth: variant.headWidth,
        positionWidth: variant.positionWidth,
        valueWidth: variant.valueWidth,
        scale: variant.scale,
        softCap: variant.softCap,
        mask: patternCode(windows, given),
      },
    }),
  heads: ({ heads, headWidth, positionWidth, valueWidth }, { width }) => {
    const content = headWidth ?? width / heads;
    const turned = positionWidth ?? content / 2;
    return { count: heads, queryWidth: content + turned, valueWidth: valueWidth ?? content, turnedWidth: turned };
  },
};

/** Attention whose time and memory grow with the text and not with its square, without scores. */
export const linearAttention: Kind<"attention", { kind: "linear"; heads: number; bias: boolean }> = {
  options: z
    .strictObject({
      kind: z.literal("linear"),
      heads,
      bias: z.boolean().default(true).meta({ title: "Do the four projections add a bias?" }),
    })
    .meta({ title: "Time and memory that grow with the text alone (Katharopoulos et al. 2020)" }),
  build: ({ heads, bias }, { width, causal, position, random }) =>
    new LinearAttention({ width, heads, causal, position, bias, random }),
  code: ({ heads, bias }, { width, causal, position, random }) =>
    construct("LinearAttention", "@tenon/attention", {
      width,
      heads,
      causal,
      position,
      bias: unless(bias, true),
      random,
    }),
  heads: ({ heads }, { width }) => {
    const each = width / heads;
    return { count: heads, queryWidth: each, valueWidth: each, turnedWidth: each, scores: false };
  },
};
