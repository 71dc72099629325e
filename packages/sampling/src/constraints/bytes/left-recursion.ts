import { ConfigError } from "@tenon/tensor";
import type { Expression, Expressions } from "./expression.ts";

/** Throws `ConfigError` for a name whose meaning may begin with itself: its derivative would ask for itself, without an end. */
export function refuseLeftRecursion(expressions: Expressions, nullable: (expression: Expression) => boolean): void {
  const { definitions } = expressions;
  const firstNames = (expression: Expression): readonly string[] => {
    switch (expression.kind) {
      case "reference":
        return [expression.name];
      case "choice":
        return expression.options.flatMap(firstNames);
      case "repeat":
        return firstNames(expression.item);
      case "sequence":
        return nullable(expression.first)
          ? [...firstNames(expression.first), ...firstNames(expression.rest)]
          : firstNames(expression.first);
      default:
        return [];
    }
  };
  for (const name of definitions.keys()) {
    const reached = new Set(firstNames(definitions.get(name)!));
    // A set is walked with what is added on the way.
    for (const next of reached) for (const each of firstNames(definitions.get(next)!)) reached.add(each);
    if (!reached.has(name)) continue;
    throw new ConfigError(`${name} begins with itself: put something before it, or leave that reference out.`, {
      name,
    });
  }
}
