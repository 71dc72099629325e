import { ConfigError } from "@tenon/tensor";

import { glob } from "./glob.ts";
import { summary } from "./name-summary.ts";
import type { Part } from "./part.ts";

function mark(what: string, part: Part, pattern: string, frozen: boolean): string[] {
  const parameters = part.parameters();
  const fits = glob(pattern);
  const paths = [...parameters.keys()].filter(fits);
  if (paths.length === 0) {
    const there = parameters.size === 0 ? "It has none." : `They are: ${summary([...parameters.keys()]).join(", ")}.`;
    throw new ConfigError(`${what}: no parameter of the part fits "${pattern}". ${there}`, { pattern });
  }
  for (const path of paths) parameters.get(path)!.frozen = frozen;
  return paths;
}

/**
 * Leaves parameters as they are in training: all of a part, or those whose path fits a pattern, in which `*` stands for anything between two
 * dots and `**` for anything at all. {@link valueAndGrad} has no gradient of a frozen parameter, and computes nothing for the sake of
 * one, so optimisers and weight decay do not touch it. Saved, placed and listed it is as before. A parameter that parts share is frozen
 * in all of them.
 *
 * Gives the paths of what it froze. Throws `ConfigError` when nothing fits.
 *
 * @example
 * ```ts
 * const layer = new Linear({ input: 2, output: 2, random: random(1) });
 * console.log(freeze(layer, "bias")); // [ 'bias' ]
 * ```
 */
export function freeze(part: Part, pattern = "**"): string[] {
  return mark("freeze", part, pattern, true);
}

/**
 * Undoes {@link freeze}: the parameters are trained again. Gives the paths of those that fit, frozen before or not, and throws as it does.
 *
 * @example
 * ```ts
 * const layer = new Linear({ input: 2, output: 2, random: random(1) });
 * freeze(layer);
 * console.log(unfreeze(layer, "weight"), layer.bias!.frozen); // [ 'weight' ] true
 * ```
 */
export function unfreeze(part: Part, pattern = "**"): string[] {
  return mark("unfreeze", part, pattern, false);
}
