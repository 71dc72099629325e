import {
  alternating,
  LatentAttention,
  LinearAttention,
  local,
  MultiHeadAttention,
  window,
  type Mask,
} from "@tenon/attention";
import { z } from "zod";

import { size } from "../size.ts";
import type { Kind, LayerSurroundings } from "./kind.ts";

const optionalSize = size.optional().describe("a whole number from 1 up");
const optionalNumber = z.number().positive().optional().describe("a number above 0");
const windows = z
  .array(size.nullable().describe("a whole number from 1 up, or null for all tokens"))
  .min(1)
  .optional()
  .describe("a list with the window of each layer in turn: a whole number from 1 up, or null for all tokens");

type Windows = readonly (number | null)[] | undefined;

/** The window of a layer, as a pattern: a decoder's looks back, an encoder's as far to either side. */
function patternOf(windows: Windows, { layer, causal }: LayerSurroundings): Mask | undefined {
  const masks = windows?.map((size) => (size === null ? undefined : causal ? window(size) : local(size - 1)));
  return masks && alternating(...masks)(layer);
}

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
  options: z.strictObject({
    kind: z.literal("multi-head"),
    heads: size,
    keyValueHeads: optionalSize,
    headWidth: optionalSize,
    bias: z
      .union([z.boolean(), z.enum(["input", "output"])])
      .default(true)
      .describe(`true, false, "input" or "output"`),
    headNorm: z.boolean().optional(),
    gate: z.enum(["element", "head"]).optional(),
    scale: optionalNumber,
    softCap: optionalNumber,
    sinks: z.boolean().optional(),
    windows,
  }),
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
  options: z.strictObject({
    kind: z.literal("latent"),
    heads: size,
    latentWidth: size,
    queryLatentWidth: optionalSize,
    headWidth: optionalSize,
    positionWidth: optionalSize,
    valueWidth: optionalSize,
    scale: optionalNumber,
    softCap: optionalNumber,
    windows,
  }),
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
  heads: ({ heads, headWidth, positionWidth, valueWidth }, { width }) => {
    const content = headWidth ?? width / heads;
    const turned = positionWidth ?? content / 2;
    return { count: heads, queryWidth: content + turned, valueWidth: valueWidth ?? content, turnedWidth: turned };
  },
};

/** Attention whose time and memory grow with the text and not with its square, without scores. */
export const linearAttention: Kind<"attention", { kind: "linear"; heads: number; bias: boolean }> = {
  options: z.strictObject({ kind: z.literal("linear"), heads: size, bias: z.boolean().default(true) }),
  build: ({ heads, bias }, { width, causal, position, random }) =>
    new LinearAttention({ width, heads, causal, position, bias, random }),
  heads: ({ heads }, { width }) => {
    const each = width / heads;
    return { count: heads, queryWidth: each, valueWidth: each, turnedWidth: each, scores: false };
  },
};
