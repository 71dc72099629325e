import { outermost, type Backend } from "../backend.ts";
import { GradientError } from "../errors.ts";
import { keep, scoped } from "../scope.ts";
import { Tensor } from "../tensor.ts";
import { Variable } from "../variable.ts";
import { Autodiff, autodiff } from "./autodiff.ts";
import { layersOf } from "./decorator.ts";

// The tape of the innermost `differentiate` whose synchronous body runs now.
let current: Autodiff | undefined;

/** The value of a function and its gradients, in the order of the variables; undefined where it does not depend on one. */
export interface Differentiated {
  readonly value: Tensor;
  readonly gradients: readonly (Tensor | undefined)[];
}

/**
 * Runs `loss` with the variables seen through a fresh tape, and differentiates what it returns (a tensor with one element) with
 * respect to each. Synchronous. The results are on the variables' own backend, in no scope: their holder disposes them. Nests, for
 * second derivatives: results that depend on the variables of an enclosing `differentiate` are on its tape.
 * A variable of whole numbers, truth or quantised levels has no derivative, and its gradient is undefined: a model may hold such
 * variables beside those that are trained.
 * Throws `GradientError` when the loss is no tensor, no float, has several elements, or is computed from no variable, and `BackendError`
 * when a variable is not placed, is named twice, or lives on another backend than the rest. A loss that reaches its variables through
 * `stopGradient` or comparisons alone has a derivative of zero: all gradients are undefined.
 *
 * @example
 * ```ts
 * const weight = Variable.holding(tensor([1, 2], [2], cpu()));
 * const { value, gradients } = differentiate([weight], () => mean(mul(weight.value, weight.value)));
 * console.log(await value.read(), await gradients[0]!.read()); // Float32Array(1) [ 2.5 ] Float32Array(2) [ 1, 2 ]
 * ```
 */
export function differentiate(variables: readonly Variable[], loss: () => Tensor): Differentiated {
  if (variables.length === 0) throw new GradientError("differentiate() got no variables");
  const home = variables.map(({ value }) => value.backend).reduce((a, b) => outermost(a, b, "differentiate"));
  const outer = current;
  // Within another differentiation the tape goes on top of that one's, so that the loss may read variables of both.
  const tape = autodiff(outer !== undefined && layersOf(outer).includes(home) ? outer : home);
  try {
    return Variable.lend(
      variables,
      (value) => tape.watch(value),
      (lent) => {
        current = tape;
        const result = scoped(() => {
          const y: unknown = loss();
          if (!(y instanceof Tensor))
            throw new GradientError("the loss must return a tensor, at once and not as a promise");
          if (y.backend !== tape) throw new GradientError("the loss does not depend on any of the variables");
          const gradients = tape.gradients(y, lent);
          return { value: tape.lower(y), gradients };
        });
        const settle = (tensor: Tensor): Tensor => keep(lowered(tensor, home));
        return {
          value: settle(result.value),
          gradients: result.gradients.map((gradient) => (gradient === undefined ? undefined : settle(gradient))),
        };
      },
    );
  } finally {
    current = outer;
    tape.close();
  }
}

/** A result seen from the backend that the variables live on, or from the first tape on the way there that it depends on. */
function lowered(tensor: Tensor, home: Backend): Tensor {
  const { backend } = tensor;
  if (backend === home || (backend instanceof Autodiff && backend.tracks(tensor))) return tensor;
  const below = backend.lower(tensor);
  tensor[Symbol.dispose]();
  return lowered(below, home);
}
