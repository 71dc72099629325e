import type { Kinds } from "@tenon/models";

import { isObject, type JsonObject, type Path, valueAt, withValueAt } from "../spec/at-path.ts";
import { withPartKind } from "../spec/convert.ts";
import type { Form } from "../spec/form.ts";
import { fieldsIn } from "./parts-in.ts";
import { problemsIn, shallow } from "./trial.ts";

/** Why kinds cannot be chosen, by the path of the part ("decoder.attention") and the kind. */
export type Impossible = { readonly [path: string]: { readonly [kind: string]: string } };

/**
 * Tries every other kind of every part in a spec, and tells what is wrong with those that do not fit what is around them. Where the spec does not fit as it
 * is, nothing can be said of the others.
 */
export function impossibleKinds(form: Form, spec: JsonObject, kinds: Kinds): Impossible {
  const base = shallow(spec);
  if (problemsIn(base, kinds).length > 0) return {};
  const found: { [path: string]: { [kind: string]: string } } = {};
  for (const { path, field } of fieldsIn(form, base)) {
    if (field.input.type !== "part") continue;
    const before = valueAt(base, path);
    const group = form.groups[field.input.group] ?? [];
    for (const { kind } of group) {
      if (isObject(before) && before["kind"] === kind) continue;
      const part = withPartKind(form, group, isObject(before) ? before : undefined, kind, around(base, path));
      const [problem] = problemsIn(withValueAt(base, path, part), kinds);
      if (problem !== undefined) (found[path.join(".")] ??= {})[kind] = problem.text;
    }
  }
  return found;
}

/** What a part stands in, the nearest first: the side of a model, and the model. */
function around(spec: JsonObject, path: Path): JsonObject[] {
  return path.map((_, i) => valueAt(spec, path.slice(0, path.length - 1 - i))).filter(isObject);
}
