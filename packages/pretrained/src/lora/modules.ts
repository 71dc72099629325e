import type { Parameter } from "@tenon/nn";

import { same } from "../names/layout.ts";
import { namesOf, type Named, type Naming } from "../names/naming.ts";

/** What begins every name in PEFT's files: the model within the model that it makes. */
export const prefix = "base_model.model.";

/** A module of Hugging Face with a weight, and the parameters of Tenon that this is made of. */
export interface WeightModule {
  readonly module: string;
  readonly named: Named;
}

/** Every module of Hugging Face's class that has one weight, by its name. */
export function weightModules(naming: Naming, parameters: ReadonlyMap<string, Parameter>): Map<string, WeightModule> {
  const modules = namesOf(naming, parameters).flatMap((named): [string, WeightModule][] => {
    const [theirs, ...others] = named.theirs;
    if (others.length > 0 || theirs?.endsWith(".weight") !== true) return [];
    const module = theirs.slice(0, -".weight".length);
    return [[module, { module, named }]];
  });
  return new Map(modules);
}

/** The name that a class has for what a file calls so: adapters of the bare model leave the base out, and those of a model with a head have it. */
export function nameIn(names: ReadonlyMap<string, unknown>, name: string, base: string | undefined): string {
  if (base === undefined || names.has(name)) return name;
  if (names.has(base + name)) return base + name;
  return name.startsWith(base) && names.has(name.slice(base.length)) ? name.slice(base.length) : name;
}

/**
 * How the rows of a weight in a checkpoint lie, seen from Tenon's: `upright` when they are the same rows [out, …], in whatever order, `turned` when they are columns there;
 * undefined for what is neither, such as one of ours that is several of theirs.
 */
export function directionOf({ ours, layout = same }: Named): "upright" | "turned" | undefined {
  // Sizes that no order of axes confuses.
  const [shape, ...others] = layout.shapes(ours.map(() => [2, 2 * ours.length + 1]));
  const [rows, width] = [2 * ours.length, 2 * ours.length + 1];
  if (others.length > 0 || shape?.length !== 2) return undefined;
  if (shape[0] === rows && shape[1] === width) return "upright";
  return shape[0] === width && shape[1] === rows ? "turned" : undefined;
}
