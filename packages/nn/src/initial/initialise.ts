import { ConfigError, isTenonError, type Random } from "@tenon/tensor";

import { glob } from "../glob.ts";
import { summary } from "../name-summary.ts";
import type { Parameter } from "../parameter.ts";
import type { Part } from "../part.ts";
import type { Initial, Initialiser } from "./initial.ts";

/** Which parameters an {@link InitialRule} is for, beyond its pattern. */
export interface InitialRuleOptions {
  /** Only for parameters with at least so many axes. 2 leaves biases and the weights of norms alone. Default 0. */
  readonly axes?: number | undefined;
  /** May the rule be for no parameter of the model? Default false, so that a misspelt pattern is an error. */
  readonly optional?: boolean | undefined;
}

/**
 * How the parameters begin whose path fits a pattern, such as `blocks.*.attention.query.weight`. In a pattern `*` stands for anything
 * between two dots, `**` for anything at all.
 */
export type InitialRule = readonly [pattern: string, initialiser: Initialiser, options?: InitialRuleOptions];

/** How a whole model begins: for each parameter the first rule that fits it counts. {@link initialScheme} has those of the papers. */
export type InitialScheme = readonly InitialRule[];

interface Chosen {
  readonly path: string;
  readonly parameter: Parameter;
  readonly pattern: string;
  readonly initialiser: Initialiser;
}

/**
 * Begins a model anew: each parameter as the first rule says that fits its path. A parameter that no rule fits stays as it is: usually
 * biases with 0 and the weights of norms with 1. Before the model is placed nothing is computed yet; on a backend the values are replaced.
 * Each parameter draws from `random.fork(path)`, so that its values depend on the seed and its path, and on nothing else. Frozen
 * parameters begin anew too.
 *
 * Gives for each parameter that a rule was for, by its path, the pattern of the rule.
 *
 * Throws `ConfigError`, before anything changes, when a rule that is not optional is for no parameter, because none fits it or because
 * earlier rules are for all that do, and when no rule at all is for any; and one that names the parameter when its values
 * are needed and the initialiser cannot make them.
 *
 * @example
 * ```ts
 * const layer = new Linear({ input: 4, output: 4, random: random(1) });
 * const scheme: InitialScheme = [["**weight", (random) => normal(random, 0.02)]];
 * console.log(initialise(layer, scheme, random(1))); // Map(1) { 'weight' => '**weight' }
 * ```
 */
export function initialise(model: Part, scheme: InitialScheme, random: Random): Map<string, string> {
  const chosen = choose(model, scheme);
  const initials = chosen.map(({ path, initialiser }) => initialiser(random.fork(path)));
  chosen.forEach((each, i) => each.parameter.initialise(explained(each, initials[i]!)));
  return new Map(chosen.map(({ path, pattern }) => [path, pattern]));
}

function choose(model: Part, scheme: InitialScheme): Chosen[] {
  const parameters = model.parameters();
  const rules = scheme.map(([pattern, initialiser, { axes = 0, optional = false } = {}]) => {
    const fits = glob(pattern);
    return { pattern, initialiser, axes, optional, fits, fitted: false, used: false };
  });
  const chosen: Chosen[] = [];
  for (const [path, parameter] of parameters) {
    const fitting = rules.filter(({ fits, axes }) => fits(path) && parameter.type.shape.length >= axes);
    for (const rule of fitting) rule.fitted = true;
    const [first] = fitting;
    if (first === undefined) continue;
    first.used = true;
    chosen.push({ path, parameter, pattern: first.pattern, initialiser: first.initialiser });
  }
  const paths = [...parameters.keys()];
  const fail = (what: string): never => {
    throw new ConfigError(`initialise: ${what}`, { patterns: rules.map(({ pattern }) => pattern), paths });
  };
  for (const { pattern, optional, fitted, used, axes } of rules) {
    if (optional || used) continue;
    if (fitted) fail(`earlier rules are for all parameters that fit "${pattern}"; put the narrower rule first`);
    const many = axes > 0 ? ` with ${axes} axes or more` : "";
    fail(`no parameter${many} fits "${pattern}". The parameters are: ${summary(paths).join(", ")}.`);
  }
  if (chosen.length === 0)
    fail(`the scheme is for none of the model's parameters, which are: ${summary(paths).join(", ")}.`);
  return chosen;
}

/** Values are made long after the rules were read: an error then says for which parameter, and by which rule. */
function explained({ path, pattern }: Chosen, initial: Initial): Initial {
  return (shape) => {
    try {
      return initial(shape);
    } catch (error) {
      if (!isTenonError(error)) throw error;
      throw new ConfigError(`${path} cannot begin as the rule "${pattern}" says: ${error.message}`, { path, pattern });
    }
  };
}
