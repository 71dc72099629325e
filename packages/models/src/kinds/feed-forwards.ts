import { GatedMLP, MLP } from "@tenon/blocks";
import type { Activation } from "@tenon/nn";
import { gelu, relu, silu } from "@tenon/tensor";
import { z } from "zod";

import { size } from "../size.ts";
import type { Kind } from "./kind.ts";

type ActivationName = "gelu" | "gelu-tanh" | "relu" | "silu";
const activations: Readonly<Record<ActivationName, Activation>> = {
  gelu: (x) => gelu(x, "exact"),
  "gelu-tanh": (x) => gelu(x, "tanh"),
  relu,
  silu,
};

const activation = z.enum(Object.keys(activations) as [ActivationName, ...ActivationName[]]);

/** Two maps and a non-linearity in between; `hidden` is the width there. */
export const mlp: Kind<"feedForward", { kind: "mlp"; hidden: number; activation: ActivationName; bias: boolean }> = {
  options: z.strictObject({
    kind: z.literal("mlp"),
    hidden: size,
    activation: activation.default("gelu"),
    bias: z.boolean().default(true),
  }),
  build: ({ hidden, activation, bias }, { width, random }) =>
    new MLP({ width, hidden, activation: activations[activation], bias, random }),
};

/** The hidden values are gated by a third map: SwiGLU with `silu`, GeGLU with `gelu`. Usually without biases. */
export const gatedMLP: Kind<
  "feedForward",
  { kind: "gated-mlp"; hidden: number; activation: ActivationName; bias: boolean }
> = {
  options: z.strictObject({
    kind: z.literal("gated-mlp"),
    hidden: size,
    activation: activation.default("silu"),
    bias: z.boolean().default(false),
  }),
  build: ({ hidden, activation, bias }, { width, random }) =>
    new GatedMLP({ width, hidden, activation: activations[activation], bias, random }),
};
