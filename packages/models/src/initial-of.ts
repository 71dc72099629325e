import { deepNormConstants, deepNormScheme } from "@tenon/blocks";
import { initialScheme, type InitialScheme } from "@tenon/nn";

import type { Spec } from "./spec.ts";

/** The rules by which a spec's `initial` begins a model. */
export function initialOf({ initial, kind, layers, width, attention }: Spec): InitialScheme | undefined {
  if (initial === undefined) return undefined;
  if (initial !== "deep-norm") {
    const { heads } = attention;
    return initialScheme(initial, { layers, width, heads: typeof heads === "number" ? heads : undefined });
  }
  return deepNormScheme(
    kind === "decoder"
      ? deepNormConstants({ decoder: layers }).decoder
      : deepNormConstants({ encoder: layers }).encoder,
  );
}
