import { deepNormConstants } from "@tenon/blocks";
import { initialScheme, xavierNormal, type Initialiser, type InitialScheme } from "@tenon/nn";

import type { Spec } from "./spec.ts";

/** The rules by which a spec's `initial` begins a model. */
export function initialOf({ initial, kind, layers, width, attention }: Spec): InitialScheme | undefined {
  if (initial === undefined) return undefined;
  if (initial !== "deep-norm") {
    const { heads } = attention;
    return initialScheme(initial, { layers, width, heads: typeof heads === "number" ? heads : undefined });
  }
  const { beta } =
    kind === "decoder"
      ? deepNormConstants({ decoder: layers }).decoder
      : deepNormConstants({ encoder: layers }).encoder;
  const small: Initialiser = (random) => xavierNormal(random, { gain: beta });
  const weights = { axes: 2, optional: true } as const;
  return [
    ["**.attention.value.weight", small, weights],
    ["**.attention.output.weight", small, weights],
    ["blocks.*.feedForward.**weight", small, weights],
    ["**.attention.*.weight", xavierNormal, weights],
  ];
}
