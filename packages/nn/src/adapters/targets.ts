import { ConfigError } from "@tenon/tensor";

import { glob } from "../glob.ts";
import { summary } from "../name-summary.ts";
import type { Parameter } from "../parameter.ts";
import type { Part } from "../part.ts";
import { quantizableIn } from "../quantized/quantizable-part.ts";

/**
 * Which weights are adapted: those whose path fits a pattern or one of several, in which `*` stands for anything between two dots and `**` for anything at
 * all, or those that a function chooses.
 */
export type LoraTargets = string | readonly string[] | ((path: string) => boolean);

const fitting = (pattern: string) => ({ pattern, fits: glob(pattern) });

/** The matrices that are meant, by their paths. Throws `ConfigError` when a pattern fits none, or one that has an adapter already. */
export function targetsIn(part: Part, targets: LoraTargets): Map<string, Parameter> {
  const matrices = quantizableIn(part);
  const patterns =
    typeof targets === "function" ? [{ pattern: undefined, fits: targets }] : [targets].flat().map(fitting);
  for (const { pattern, fits } of patterns)
    if (![...matrices.keys()].some(fits)) throw nothingFits(part, matrices, pattern, fits);
  const chosen = [...matrices].filter(([path]) => patterns.some(({ fits }) => fits(path)));
  const adapted = chosen.find(([, { adapter }]) => adapter !== undefined);
  if (chosen.length > 0 && adapted === undefined) return new Map(chosen);
  throw new ConfigError(
    adapted === undefined
      ? 'attachLora: targets is empty; name weights, such as "**.query.weight"'
      : `attachLora: ${adapted[0]} has an adapter already; merge() or detach() that first, or leave this weight out`,
    { adapted: adapted?.[0] },
  );
}

function nothingFits(
  part: Part,
  matrices: ReadonlyMap<string, Parameter>,
  pattern: string | undefined,
  fits: (path: string) => boolean,
): ConfigError {
  const asked = pattern === undefined ? "is chosen by the function" : `fits "${pattern}"`;
  const other = [...part.parameters()].find(([path]) => fits(path));
  const found =
    other === undefined
      ? ""
      : ` ${other[0]} [${other[1].type.shape.join(", ")}] does, but only a matrix that its parts use by timesWeight, rowsOf or wholeWeight can be adapted.`;
  const there = matrices.size === 0 ? "The part has none." : `They are: ${summary([...matrices.keys()]).join(", ")}.`;
  return new ConfigError(`attachLora: no weight that can be adapted ${asked}.${found} ${there}`, { pattern });
}
