import { Parameter } from "../parameter.ts";
import type { Part } from "../part.ts";

/**
 * A part with matrices that may be held in levels or in 16 bits, and adapted, since it uses them by `timesWeight`, `rowsOf` and `wholeWeight` alone. By this
 * `quantizeWeights`, `storeWeights` and `attachLora` find them in a model.
 */
export interface QuantizablePart extends Part {
  /** Those of its own parameters, each [out, in] or [v, d]; or a stack of such, [n, out, in], which can be stored in 16 bits alone. */
  readonly matrices: readonly Parameter[];
}

const matricesOf = (part: Part): readonly Parameter[] => ("matrices" in part ? (part as QuantizablePart).matrices : []);

/** The matrices of a part that may be held in levels, by their paths: those that all parts which hold them use so. */
export function quantizableIn(part: Part): Map<string, Parameter> {
  return new Map([...matricesIn(part)].filter(([, { type }]) => type.shape.length === 2));
}

/** The matrices of a part that may be stored in 16 bits, by their paths: those that may be held in levels, and stacks of such. */
export function matricesIn(part: Part): Map<string, Parameter> {
  const [fit, unfit] = [new Set<Parameter>(), new Set<Parameter>()];
  for (const inside of part.parts().values()) {
    const matrices = matricesOf(inside);
    for (const each of matrices) fit.add(each);
    for (const own of Object.values(inside)) if (own instanceof Parameter && !matrices.includes(own)) unfit.add(own);
  }
  return new Map([...part.parameters()].filter(([, parameter]) => fit.has(parameter) && !unfit.has(parameter)));
}
