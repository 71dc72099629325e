import { assemble, type Kinds } from "@tenon/models";

import { isObject, type JsonObject } from "../spec/at-path.ts";
import { problemsOf, type SpecProblem } from "./problem-of.ts";

/** What is wrong with a spec; nothing, where it can be assembled. */
export function problemsIn(spec: unknown, kinds: Kinds): readonly SpecProblem[] {
  try {
    assemble(spec, { kinds });
    return [];
  } catch (error) {
    return problemsOf(error);
  }
}

/**
 * The same spec with as few layers as a trial of its parts needs: their kinds and sizes fit in one layer or in none, but for lists that say something of
 * each layer in turn.
 */
export function shallow<S extends JsonObject>(spec: S): S {
  const small: { [key: string]: JsonObject[string] } = {};
  for (const [key, value] of Object.entries(spec)) {
    if (key === "layerGroups") continue;
    small[key] =
      key === "layers" && typeof value === "number" ? Math.min(value, 1) : isObject(value) ? shallow(value) : value;
  }
  return small as S;
}
