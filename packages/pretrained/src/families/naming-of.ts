import type { Spec } from "@tenon/models";

import type { Naming } from "../names/naming.ts";
import type { Family } from "./family.ts";

/** The names of one model's checkpoint. */
export function namingOf(family: Family, spec: Spec, architecture: string): Naming {
  return {
    rules: family.names(spec, architecture),
    ...countsOf(spec),
    base: family.base,
    computed: [...(family.computed ?? []), ...(family.unused?.(spec, architecture) ?? [])],
    formerly: family.formerly,
    repeated: family.repeated?.(spec),
  };
}

function countsOf(spec: Spec): Pick<Naming, "layers" | "experts"> {
  if (spec.kind === "encoder-decoder") return { layers: Math.max(spec.encoder.layers, spec.decoder.layers) };
  if (!("layers" in spec)) return { layers: 0 };
  return { layers: spec.layers, experts: (spec.feedForward as { experts?: number }).experts };
}
