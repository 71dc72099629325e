import type { Spec } from "@tenon/models";

const key = "tenon-spec";

/**
 * The spec that {@link rememberSpec} kept at an earlier visit; undefined where none was. Only specs that could be assembled are kept, but an older version of
 * the page may have kept one that no longer can: whoever uses it checks it like any other.
 */
export function rememberedSpec(): Spec | undefined {
  try {
    const spec = JSON.parse(localStorage.getItem(key) ?? "null") as Spec | null;
    return spec !== null && typeof spec === "object" && "kind" in spec ? spec : undefined;
  } catch {
    // A page that may not keep anything, in a private window say, begins anew.
    return undefined;
  }
}

/** Keeps a spec that can be assembled for the next visit. */
export function rememberSpec(spec: Spec): void {
  try {
    localStorage.setItem(key, JSON.stringify(spec));
  } catch {
    // As above.
  }
}
