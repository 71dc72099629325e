import { ConfigError } from "@tenon/tensor";

import type { Skip } from "./backend-test.ts";

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/gu, "\\$&");
/** A pattern in which `*` stands for anything. */
const pattern = (text: string): RegExp => new RegExp(`^${text.split("*").map(escaped).join(".*")}$`, "u");

/**
 * Why each named test is left out. Throws `ConfigError` for a skip without a reason and for one that fits no test: it is out of date,
 * or misspelt.
 */
export function skipped(names: readonly string[], skips: readonly Skip[]): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const { reason, tests } of skips) {
    if (reason.trim() === "")
      throw new ConfigError("a skip needs a reason: it is what the support matrix shows", { tests });
    for (const text of typeof tests === "string" ? [tests] : tests) {
      const those = names.filter((name) => pattern(text).test(name));
      if (those.length === 0)
        throw new ConfigError(`the skip "${text}" fits no test; remove it, or spell it as one of the tests is named`, {
          tests: text,
        });
      for (const name of those) reasons.set(name, reason);
    }
  }
  return reasons;
}
