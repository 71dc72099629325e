import { GatedExperts, GatedMLP, MixtureOfExperts, MLP, TopKRouter, type RouterSoftmax } from "@tenon/blocks";
import { activationOf, type Activation, type ActivationName } from "@tenon/nn";
import * as z from "zod";

import { size } from "../size.ts";
import { code, construct, unless, type Expression } from "../typescript/expression.ts";
import { activationCode } from "./activation-code.ts";
import { activationName, activationNames } from "./activation-name.ts";
import type { Kind } from "./kind.ts";

const hidden = size.meta({ title: "Width of the hidden values" });
const mapBias = z.boolean().meta({ title: "Do the maps add a bias?" });
/** A gate may have none: the bilinear form. */
type GateName = ActivationName | "identity";
const gate = z
  .enum(["identity", ...activationNames] as [GateName, ...GateName[]])
  .meta({ title: "The non-linearity of the gate, by its name in @tenon/nn" });
const gateOf = (name: GateName): Activation => (name === "identity" ? (x) => x : activationOf(name));

/** Two maps and a non-linearity in between; `hidden` is the width there. */
export const mlp: Kind<"feedForward", { kind: "mlp"; hidden: number; activation: ActivationName; bias: boolean }> = {
  options: z
    .strictObject({
      kind: z.literal("mlp"),
      hidden,
      activation: activationName.default("gelu"),
      bias: mapBias.default(true),
    })
    .meta({ title: "Two maps and a non-linearity in between (Vaswani et al. 2017)" }),
  build: ({ hidden, activation, bias }, { width, random }) =>
    new MLP({ width, hidden, activation: activationOf(activation), bias, random }),
  code: ({ hidden, activation, bias }, { width, random }) =>
    construct("MLP", "@tenon/blocks", {
      width,
      hidden,
      activation: activationCode(activation, "gelu"),
      bias: unless(bias, true),
      random,
    }),
};

/** The hidden values are gated by a third map: SwiGLU with `silu`, GeGLU with `gelu`, ReGLU with `relu`, GLU with `sigmoid`. Usually without biases. */
export const gatedMLP: Kind<"feedForward", { kind: "gated-mlp"; hidden: number; activation: GateName; bias: boolean }> =
  {
    options: z
      .strictObject({
        kind: z.literal("gated-mlp"),
        hidden,
        activation: gate.default("silu"),
        bias: mapBias.default(false),
      })
      .meta({ title: "Hidden values that a third map gates: SwiGLU, GeGLU, ReGLU, GLU (Shazeer 2020)" }),
    build: ({ hidden, activation, bias }, { width, random }) =>
      new GatedMLP({ width, hidden, activation: gateOf(activation), bias, random }),
    code: ({ hidden, activation, bias }, { width, random }) =>
      construct("GatedMLP", "@tenon/blocks", {
        width,
        hidden,
        activation: activationCode(activation, "silu"),
        bias: unless(bias, false),
        random,
      }),
  };

/** Each token passes a few of many gated experts of width `hidden`, and, if `shared` gives a width, one more that all pass. */
export const mixture: Kind<
  "feedForward",
  {
    kind: "mixture";
    experts: number;
    expertsPerToken: number;
    hidden: number;
    activation: GateName;
    softmax?: RouterSoftmax | undefined;
    shared?: number | undefined;
  }
> = {
  options: z
    .strictObject({
      kind: z.literal("mixture"),
      experts: size.meta({ title: "How many experts there are" }),
      expertsPerToken: size.meta({ title: "How many experts each token passes" }),
      hidden,
      activation: gate.default("silu"),
      softmax: z
        .enum(["selected", "all"])
        .optional()
        .meta({ title: "Do the weights of the chosen experts sum to 1, or those of all?" }),
      shared: size
        .optional()
        .describe("a whole number from 1 up")
        .meta({ title: "Width of one more expert that every token passes. Default: there is none" }),
    })
    .meta({ title: "A few of many gated experts for each token (Shazeer et al. 2017)" }),
  build: ({ experts, expertsPerToken, hidden, activation: name, softmax, shared }, { width, random }) => {
    const activation = gateOf(name);
    return new MixtureOfExperts({
      router: new TopKRouter({ width, experts, expertsPerToken, softmax, random: random.fork("router") }),
      experts: new GatedExperts({ count: experts, width, hidden, activation, random: random.fork("experts") }),
      shared:
        shared === undefined
          ? undefined
          : new GatedMLP({ width, hidden: shared, activation, random: random.fork("shared") }),
    });
  },
  code: ({ experts, expertsPerToken, hidden, activation: name, softmax, shared }, { width, random }) => {
    const activation = activationCode(name, "silu");
    const fork = (place: string): Expression => code`${random}.fork(${place})`;
    return construct("MixtureOfExperts", "@tenon/blocks", {
      router: construct("TopKRouter", "@tenon/blocks", {
        width,
        experts,
        expertsPerToken,
        softmax,
        random: fork("router"),
      }),
      experts: construct("GatedExperts", "@tenon/blocks", {
        count: experts,
        width,
        hidden,
        activation,
        random: fork("experts"),
      }),
      shared:
        shared && construct("GatedMLP", "@tenon/blocks", { width, hidden: shared, activation, random: fork("shared") }),
    });
  },
};
