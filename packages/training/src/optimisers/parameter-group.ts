import type { Parameter } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import { expectNotNegative } from "../expect-options.ts";

/**
 * Parameters that an optimiser treats in a way of their own. Of the groups that it is given, the first that matches a parameter
 * takes it; a parameter that none takes, and whatever a group leaves out, follows the optimiser's own options.
 *
 * @example
 * ```ts
 * const model = new Linear({ input: 2, output: 2, random: random(1) });
 * const slowly: ParameterGroup = { matches: (path) => path.endsWith("weight"), rateFactor: 0.1, decay: 0 };
 * console.log(new AdamW(model, { groups: [slowly] }).steps); // 0
 *
 * // Fine-tuning with rates that fall from the last of n layers to the embedding, as in ULMFiT and ELECTRA:
 * const layerwise = (n: number, factor: number): ParameterGroup[] =>
 *   Array.from({ length: n }, (_, layer) => ({
 *     matches: (path) => path.startsWith(`blocks.${layer}.`),
 *     rateFactor: factor ** (n - layer),
 *   }));
 * console.log(layerwise(3, 0.5).map(({ rateFactor }) => rateFactor)); // [ 0.125, 0.25, 0.5 ]
 * ```
 */
export interface ParameterGroup {
  /** Does it take the parameter of the model at this path? */
  matches(path: string, parameter: Parameter): boolean;
  /** What the rate of the schedule is multiplied by, and with it a decay that goes by the rate. Default 1. */
  readonly rateFactor?: number | undefined;
  /** Weight decay. By default the optimiser's own for parameters with at least two axes, and 0 for norms and biases. */
  readonly decay?: number | undefined;
}

/** How fast a parameter moves and decays. */
export interface Pace {
  readonly rateFactor: number;
  readonly decay: number;
}

/**
 * The pace of each parameter. `decay` is that of a parameter with two axes or more that no group decides on. Throws `ConfigError` for a
 * factor or decay that is negative or not finite, and for a group that takes no parameter at all.
 */
export function pacesOf(
  owner: string,
  parameters: ReadonlyMap<string, Parameter>,
  groups: readonly ParameterGroup[],
  decay: number,
): Map<Parameter, Pace> {
  for (const [i, group] of groups.entries()) {
    expectNotNegative(owner, `groups[${i}].rateFactor`, group.rateFactor ?? 1);
    expectNotNegative(owner, `groups[${i}].decay`, group.decay ?? 0);
  }
  const idle = new Set(groups.keys());
  const paces = new Map<Parameter, Pace>();
  for (const [path, parameter] of parameters) {
    const index = groups.findIndex((each) => each.matches(path, parameter));
    const group = groups[index];
    idle.delete(index);
    const byShape = parameter.type.shape.length >= 2 ? decay : 0;
    paces.set(parameter, { rateFactor: group?.rateFactor ?? 1, decay: group?.decay ?? byShape });
  }
  for (const index of idle) {
    throw new ConfigError(
      `${owner}: groups[${index}] takes no parameter: it matches none, or only such that an earlier group takes. Parameters are named like ${[...parameters.keys()].slice(0, 3).join(", ")}; drop the group, or move it up.`,
      { index },
    );
  }
  return paces;
}
