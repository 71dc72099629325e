import { deepNormConstants, deepNormScheme } from "@tenon/blocks";
import { initialScheme, type InitialScheme } from "@tenon/nn";
import { ConfigError, isTenonError } from "@tenon/tensor";

import type { Kinds } from "./kinds/registry.ts";
import type { Spec } from "./spec.ts";

/** The rules by which a spec's `initial` begins a model. Throws `ConfigError` where the scheme needs to know what the spec's parts do not say. */
export function initialOf({ initial, kind, layers, width, attention }: Spec, kinds: Kinds): InitialScheme | undefined {
  if (initial === undefined) return undefined;
  if (initial === "deep-norm") {
    return deepNormScheme(
      kind === "decoder"
        ? deepNormConstants({ decoder: layers }).decoder
        : deepNormConstants({ encoder: layers }).encoder,
    );
  }
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
