import type { Spec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import { currentSpec } from "../model/current-spec.ts";
import { isObject, type JsonObject, type Path, valueAt, withValueAt } from "../spec/at-path.ts";

/** The spec as JSON. */
export const specJson = (): JsonObject => currentSpec.spec.value as unknown as JsonObject;

/**
 * Puts a value into the spec; undefined takes the key away, and objects that are then empty. What is typed is one edit with what was typed at the same
 * place just before.
 */
export function edit(path: Path, value: Json | undefined, { typed = false }: { readonly typed?: boolean } = {}): void {
  let next = withValueAt(specJson(), path, value);
  if (value === undefined)
    for (let end = path.length - 1; end > 0; end--) {
      const inside = valueAt(next, path.slice(0, end));
      if (isObject(inside) && Object.keys(inside).length === 0) next = withValueAt(next, path.slice(0, end), undefined);
    }
  currentSpec.edit(next as unknown as Spec, typed ? path.join(".") : undefined);
}

/** What a place stands in, the nearest first: the part, the side, the model. */
export function aroundPath(path: Path): JsonObject[] {
  const spec = specJson();
  return path.map((_, i) => valueAt(spec, path.slice(0, path.length - 1 - i))).filter(isObject);
}
