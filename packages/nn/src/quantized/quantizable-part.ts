import { Parameter } from "../parameter.ts";
import type { Part } from "../part.ts";

/**
 * A part with matrices that may be held in levels, since it uses them by `timesWeight`, `rowsOf` and `wholeWeight` alone. By this `quantizeWeights` finds them
 * in a model.
 */
export interface QuantizablePart extends Part {
  /** Those of its own parameters, each [out, in] or [v, d]. */
  readonly matrices: readonly Parameter[];
}

const matricesOf = (part: Part): readonly Parameter[] => ("matrices" in part ? (part as QuantizablePart).matrices : []);

/** The matrices of a part that may be held in levels, by their paths: those that all parts which hold them use so. */
export function quantizableIn(part: Part): Map<string, Parameter> {
  const [fit, unfit] = [new Set<Parameter>(), new Set<Parameter>()];
  for (const inside of part.parts().values()) {
    const matrices = matricesOf(inside);
    for (const each of matrices) fit.add(each);
    for (const own of Object.values(inside)) if (own instanceof Parameter && !matrices.includes(own)) unfit.add(own);
  }
  return new Map([...part.parameters()].filter(([, parameter]) => fit.has(parameter) && !unfit.has(parameter)));
}
