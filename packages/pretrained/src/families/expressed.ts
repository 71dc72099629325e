import type { Spec } from "@tenon/models";
import { ConfigError, isTenonError, type Json } from "@tenon/tensor";

import type { Family } from "./family.ts";

/** Which family and class of Hugging Face a spec is told as, and what its config says of it. */
export interface Expressed {
  readonly family: Family;
  readonly architecture: string;
  readonly told: Readonly<Record<string, Json>>;
}

/** The family that is named, or the first that can express a spec. Throws `ConfigError` when none can, naming what stands in the way. */
export function expressed(
  spec: Spec,
  type: string | undefined,
  families: readonly Family[],
  architecture: string | undefined,
): Expressed {
  const candidates = families.filter((one) =>
    type === undefined ? architecture === undefined || one.architectures.includes(architecture) : one.type === type,
  );
  const refusals: string[] = [];
  for (const family of candidates) {
    if (architecture !== undefined && !family.architectures.includes(architecture))
      throw new ConfigError(
        `the family "${family.type}" has no architecture "${architecture}"; it has ${family.architectures.join(", ")}`,
        { family: family.type, architecture },
      );
    let first: Error | undefined;
    for (const named of architecture === undefined ? family.architectures : [architecture]) {
      try {
        return { family, architecture: named, told: family.config(spec, named) };
      } catch (error) {
        if (!isTenonError(error, "ConfigError")) throw error;
        first ??= error;
      }
    }
    if (type !== undefined) throw first!;
    refusals.push(`  ${first!.message}`);
  }
  if (refusals.length === 0)
    throw new ConfigError(
      `there is no family "${type ?? architecture}"; there are ${families.map((one) => one.type).join(", ")}`,
      { family: type, architecture },
    );
  throw new ConfigError(`No family of Hugging Face can express this model:\n${refusals.join("\n")}`, { refusals });
}
