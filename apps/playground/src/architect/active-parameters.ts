import { type Assembled, describe, type PartSpec } from "@tenon/models";

/**
 * How many parameters compute for one token, where a mixture chooses among experts: all but those of the experts that are not chosen. Undefined for a model
 * without one, in which all do.
 */
export function activeParameters(model: Assembled): number | undefined {
  const { spec } = model;
  const { count, parts } = describe(model);
  let resting = 0;
  for (const part of parts) {
    if (part.kind !== "GatedExperts") continue;
    const side = spec.kind === "encoder-decoder" ? spec[part.path.split(".")[0] as "encoder" | "decoder"] : spec;
    const mixture = (side as { readonly feedForward?: PartSpec }).feedForward;
    if (mixture?.kind !== "mixture") continue;
    const { experts, expertsPerToken } = mixture as unknown as { experts: number; expertsPerToken: number };
    resting += part.count * (1 - expertsPerToken / experts);
  }
  return resting === 0 ? undefined : Math.round(count - resting);
}
