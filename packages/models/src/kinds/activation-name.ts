import { activations, type ActivationName } from "@tenon/nn";
import * as z from "zod";

/** The names of the activations of `@tenon/nn`. */
export const activationNames = Object.keys(activations) as [ActivationName, ...ActivationName[]];

/** An activation in a spec. */
export const activationName: z.ZodEnum<{ [name in ActivationName]: name }> = z
  .enum(activationNames)
  .meta({ title: "The non-linearity, by its name in @tenon/nn" });
