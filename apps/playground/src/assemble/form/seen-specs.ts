import { effect } from "@preact/signals";
import type { Spec } from "@tenon/models";

import { beginningSpec, currentSpec } from "../../model/current-spec.ts";

const latest = new Map<string, Spec>();
effect(() => void latest.set(currentSpec.spec.value.kind, currentSpec.spec.value));

/** Where another kind of model may take from what the current one lacks: the latest spec of that kind, and the one that the page begins with. */
export function seenSpecs(kind: string): readonly Spec[] {
  const seen = latest.get(kind);
  return seen === undefined ? [beginningSpec] : [seen, beginningSpec];
}
