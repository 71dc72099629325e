import type { Parameter } from "@tenon/nn";
import type { Shape, Tensor, Variable } from "@tenon/tensor";

/** What a rule is told of the step that it takes. */
export interface RuleStep {
  /** The rate of the schedule, times the factor of the parameter's group. */
  readonly rate: number;
  /** Weight decay of this parameter. */
  readonly decay: number;
  /** Steps of this parameter, this one included: 1 at the first. */
  readonly step: number;
}

/**
 * How an optimiser changes one parameter: all that is its own. {@link RuleOptimiser} does the rest.
 *
 * @example
 * ```ts
 * const descent: UpdateRule = {
 *   name: "Descent",
 *   decay: 0,
 *   remembers: () => ({}),
 *   update: (variables, gradient, { rate, decay }) => Variable.update(sgdOp, variables, [gradient], { rate, decay }),
 * };
 * console.log(descent.name); // Descent
 * ```
 */
export interface UpdateRule {
  /** What messages call the optimiser. */
  readonly name: string;
  /** Weight decay of the parameters with at least two axes that no group decides on. */
  readonly decay: number;
  /** The shapes of what is remembered of a parameter, by name; it begins as zeros. A name may not be `steps`. */
  readonly remembers: (parameter: Parameter, path: string) => Readonly<Record<string, Shape>>;
  /** Takes the step. `variables` holds the parameter, then what is remembered of it in the order of `remembers`. */
  readonly update: (variables: readonly Variable[], gradient: Tensor, step: RuleStep) => void;
}
