import { outermost } from "../backend.ts";
import { GradientError } from "../errors.ts";
import { keep, scoped } from "../scope.ts";
import { Tensor } from "../tensor.ts";
import { Variable } from "../variable.ts";
import { autodiff } from "./autodiff.ts";

/** The value of a function and its gradients, in the order of the variables; undefined where it does not depend on one. */
export interface Differentiated {
  readonly value: Tensor;
  readonly gradients: readonly (Tensor | undefined)[];
}

/**
 * Runs `loss` with the variables seen through a fresh tape, and differentiates what it returns (a tensor with one element) with
 * respect to each. Synchronous. The results are on the variables' own backend, in no scope: their holder disposes them.
 * Throws `GradientError` when the loss is no tensor, has several elements, or is computed from no variable, and `BackendError`
 * when a variable is not placed, is named twice, or lives on another backend than the rest. A loss that reaches its variables through
 * `stopGradient` or comparisons alone has a derivative of zero: all gradients are undefined.
 *
 * @example
 * ```ts
 * const { value, gradients } = differentiate([weight], () => mean(mul(weight.value, weight.value)));
 * ```
 */
export function differentiate(variables: readonly Variable[], loss: () => Tensor): Differentiated {
  if (variables.length === 0) throw new GradientError("differentiate() got no variables");
  const backends = variables.map(({ value }) => value.backend);
  const tape = autodiff(backends.reduce((a, b) => outermost(a, b, "differentiate")));
  try {
    return Variable.lend(
      variables,
      (value) => tape.watch(value),
      (lent) => {
        const result = scoped(() => {
          const y: unknown = loss();
          if (!(y instanceof Tensor))
            throw new GradientError("the loss must return a tensor, at once and not as a promise");
          if (y.backend !== tape) throw new GradientError("the loss does not depend on any of the variables");
          const gradients = tape.gradients(y, lent);
          return { value: tape.lower(y), gradients };
        });
        keep(result.value);
        for (const gradient of result.gradients) if (gradient !== undefined) keep(gradient);
        return result;
      },
    );
  } finally {
    tape.close();
  }
}
