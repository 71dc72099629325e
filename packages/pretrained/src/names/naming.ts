import type { NameRule } from "./name-rule.ts";
import type { Layout } from "./layout.ts";

/** The names of one model's checkpoint: the rules of its family, told for its size. */
export interface Naming {
  readonly rules: readonly NameRule[];
  readonly layers: number;
  readonly experts?: number | undefined;
  readonly base?: string | undefined;
  readonly computed?: readonly RegExp[] | undefined;
  readonly formerly?: Readonly<Record<string, string>> | undefined;
  readonly repeated?: Readonly<Record<string, string>> | undefined;
}

/** A rule for one place: paths of parameters, and the names of the tensors that they are made of. */
export interface Named {
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  readonly layout: Layout | undefined;
}

/** Every rule for every layer, of the parameters that the model has. Throws when a rule names some parameters of a model and others that it lacks: a mistake of the family. */
export function namesOf({ rules, layers, experts = 0 }: Naming, parameters: ReadonlyMap<string, unknown>): Named[] {
  return rules.flatMap(({ ours, theirs, layout }) => {
    const paths = [ours].flat();
    const inLayers = paths.some((path) => path.includes("{layer}"));
    return Array.from({ length: inLayers ? layers : 1 }, (_, layer): Named => {
      const told = (text: string): string => text.replace("{layer}", String(layer));
      const names = theirs.includes("{expert}")
        ? Array.from({ length: experts }, (_, expert) => told(theirs).replace("{expert}", String(expert)))
        : [told(theirs)];
      return { ours: paths.map(told), theirs: names, layout };
    }).filter((named) => {
      const there = named.ours.filter((path) => parameters.has(path));
      if (there.length !== 0 && there.length !== named.ours.length)
        throw new Error(`a rule of names joins ${named.ours.join(", ")}, but the model has only ${there.join(", ")}`);
      return there.length > 0;
    });
  });
}
