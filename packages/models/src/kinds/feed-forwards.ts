import { GatedExperts, GatedMLP, MixtureOfExperts, MLP, TopKRouter, type RouterSoftmax } from "@tenon/blocks";
import { activationOf, type Activation, type ActivationName } from "@tenon/nn";
import { z } from "zod";

import { size } from "../size.ts";
import { activationName, activationNames } from "./activation-name.ts";
import type { Kind } from "./kind.ts";

/** A gate may have none: the bilinear form. */
type GateName = ActivationName | "identity";
const gate = z.enum(["identity", ...activationNames] as [GateName, ...GateName[]]);
const gateOf = (name: GateName): Activation => (name === "identity" ? (x) => x : activationOf(name));

/** Two maps and a non-linearity in between; `hidden` is the width there. */
export const mlp: Kind<"feedForward", { kind: "mlp"; hidden: number; activation: ActivationName; bias: boolean }> = {
  options: z.strictObject({
    kind: z.literal("mlp"),
    hidden: size,
    activation: activationName.default("gelu"),
    bias: z.boolean().default(true),
  }),
  build: ({ hidden, activation, bias }, { width, random }) =>
    new MLP({ width, hidden, activation: activationOf(activation), bias, random }),
};

/** The hidden values are gated by a third map: SwiGLU with `silu`, GeGLU with `gelu`, ReGLU with `relu`, GLU with `sigmoid`. Usually without biases. */
export const gatedMLP: Kind<"feedForward", { kind: "gated-mlp"; hidden: number; activation: GateName; bias: boolean }> =
  {
    options: z.strictObject({
      kind: z.literal("gated-mlp"),
      hidden: size,
      activation: gate.default("silu"),
      bias: z.boolean().default(false),
    }),
    build: ({ hidden, activation, bias }, { width, random }) =>
      new GatedMLP({ width, hidden, activation: gateOf(activation), bias, random }),
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
  options: z.strictObject({
    kind: z.literal("mixture"),
    experts: size,
    expertsPerToken: size,
    hidden: size,
    activation: gate.default("silu"),
    softmax: z.enum(["selected", "all"]).optional(),
    shared: size.optional().describe("a whole number from 1 up"),
  }),
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
};
