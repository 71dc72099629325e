import { deepNormConstants, deepNormScheme, type DeepNormConstants } from "@tenon/blocks";
import { initialScheme, type InitialRule, type InitialScheme } from "@tenon/nn";
import { ConfigError, isTenonError } from "@tenon/tensor";

import type { Kinds } from "./kinds/registry.ts";
import type { Spec, StackSpec } from "./spec.ts";

/** The rules by which a spec's `initial` begins a model. Throws `ConfigError` where the scheme needs to know what the spec's parts do not say. */
export function initialOf(spec: Spec, kinds: Kinds): InitialScheme | undefined {
  if (!("initial" in spec) || spec.initial === undefined) return undefined;
  const { initial, width } = spec;
  if (spec.kind !== "encoder-decoder") {
    const side = spec.kind === "decoder" ? "decoder" : "encoder";
    return schemeOf(initial, deepNormConstants({ [side]: spec.layers })[side]!, { ...spec, width }, kinds);
  }
  const { encoder, decoder } = spec;
  const constants = deepNormConstants({ encoder: encoder.layers, decoder: decoder.layers });
  const source = schemeOf(initial, constants.encoder, { ...encoder, width }, kinds);
  const target = schemeOf(initial, constants.decoder, { ...decoder, width }, kinds);
  // What is on neither side makes the logits, and so belongs to the second.
  return [...source.map(([pattern, ...rest]): InitialRule => [`encoder.${pattern}`, ...rest]), ...target];
}

/** The scheme of a stack. */
function schemeOf(
  initial: NonNullable<StackSpec["initial"]>,
  constants: DeepNormConstants,
  { layers, width, attention }: Pick<StackSpec, "layers" | "width" | "attention">,
  kinds: Kinds,
): InitialScheme {
  if (initial === "deep-norm") return deepNormScheme(constants);
  try {
    return initialScheme(initial, { layers, width, heads: kinds.heads(attention, { width })?.count });
  } catch (error) {
    if (!isTenonError(error, "ConfigError")) throw error;
    const path = "spec.initial";
    throw new ConfigError(
      `${path}: ${error.message}. The attention of the kind ${JSON.stringify(attention.kind)} does not say; give that kind a \`heads\` function`,
      { ...error.fields, path },
      { cause: error },
    );
  }
}
