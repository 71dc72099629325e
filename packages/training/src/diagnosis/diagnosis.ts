import type { Shape } from "@tenon/tensor";

import type { SeenTensor } from "./finite-check.ts";
import { uploaded } from "./finite-check.ts";
import { areFinite, notFiniteText, type Numbers, short } from "./numbers-in.ts";

/** Which tensor of a step was the first that is not finite, and what that says. */
export interface Diagnosis {
  /**
   * `parameter`: one was so before the step. `batch`: numbers that came from the host. `forward`, `backward`: an op, on the way to the loss or to the
   * gradients. `norm`: each gradient is finite, and their squares together overflow. `finite`: there is none when it is computed again.
   */
  readonly kind: "parameter" | "batch" | "forward" | "backward" | "norm" | "finite";
  /** In words, one or two sentences. */
  readonly text: string;
  readonly op?: string | undefined;
  /** The path of the module that computed it, `blocks.3.attention.query`; undefined outside of all modules, as in an objective. */
  readonly module?: string | undefined;
  /** The path of a parameter: the one that is not finite, or whose gradient is the first on the way back that is not, or the largest. */
  readonly parameter?: string | undefined;
  readonly shape?: Shape | undefined;
  readonly numbers?: Numbers | undefined;
  /** All that the op was given, together. */
  readonly inputs?: Numbers | undefined;
}

export function ofParameter(parameter: string, shape: Shape, numbers: Numbers): Diagnosis {
  const text = `The parameter ${parameter} ${show(shape)} was not finite before the step: ${notFiniteText(numbers)}.`;
  return { kind: "parameter", text, parameter, shape, numbers };
}

/** `parameter`: the first on the way back whose gradient is not finite. */
export function ofOp(seen: SeenTensor, numbers: Numbers, inputs: Numbers, parameter: string | undefined): Diagnosis {
  const { op, module, backward, type } = seen;
  const { shape } = type;
  const facts = { op, module, parameter, shape, numbers, inputs };
  if (op === uploaded) {
    const text = `Numbers ${show(shape)} that came from the batch are not finite: ${notFiniteText(numbers)}.`;
    return { kind: "batch", text, ...facts };
  }
  const place = module === undefined ? "outside of all modules" : `in ${module === "" ? "the model itself" : module}`;
  const what = `${op} ${place} gave ${show(shape)}, of which ${notFiniteText(numbers)}. ${cause(inputs)}`;
  if (!backward) return { kind: "forward", text: `The first tensor that is not finite: ${what}`, ...facts };
  const gradient =
    parameter === undefined ? "" : ` The first parameter on the way back without a finite gradient is ${parameter}.`;
  return {
    kind: "backward",
    text: `The loss is finite. On the way back the first tensor that is not: ${what}${gradient}`,
    ...facts,
  };
}

/** A size whose square, or whose product with a few others like it, is beyond f32. */
const large = 1e18;

function cause(inputs: Numbers): string {
  if (!areFinite(inputs)) return `Among its inputs ${notFiniteText(inputs)}: −∞ is let pass, for masks are made of it.`;
  const sizes = `Its inputs are finite, the largest of size ${short(inputs.largest)}`;
  return inputs.largest >= large
    ? `${sizes}: it overflowed.`
    : `${sizes}: it overflowed, or is not defined there, as 1/0 and log 0 are not.`;
}

export function ofNorm(parameter: string, shape: Shape, norm: number): Diagnosis {
  const text = `Each gradient is finite, and their squares together overflow: the largest norm is ${short(norm)}, of ${parameter} ${show(shape)}.`;
  return { kind: "norm", text, parameter, shape };
}

export const ofNothing: Diagnosis = {
  kind: "finite",
  text: "Computed again, the loss and every gradient are finite: the objective does not give the same for the same batch, or the backend does not.",
};

const show = (shape: Shape): string => `[${shape.join(", ")}]`;
