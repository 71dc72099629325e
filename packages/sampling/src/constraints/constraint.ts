/**
 * Says which tokens may come, so that the generated ids always form a whole: an automaton over token ids.
 *
 * States are values that never change; equal states may be the same object. Stop tokens are not the constraint's business: whoever decodes allows
 * them exactly where the constraint accepts.
 *
 * @example
 * ```ts
 * // One or more of token 0, then one of token 1.
 * const zerosThenOne: Constraint<"zeros" | "end"> = {
 *   name: "zeros, then one",
 *   start: "zeros",
 *   allowed: (state, budget) => (state === "end" || budget < 1 ? [] : budget === 1 ? [1] : [0, 1]),
 *   next: (state, id) => (id === 1 ? "end" : state),
 *   accepts: (state) => state === "end",
 * };
 * console.log(zerosThenOne.allowed("zeros", 1)); // [ 1 ]
 * ```
 */
export interface Constraint<S = unknown> {
  /** How error messages call it. */
  readonly name: string;
  /** Before the first generated token. */
  readonly start: S;
  /**
   * The ids that may come next, in ascending order: each leads to a state from which an accepting one can be reached, with no more than
   * `budget` tokens in all, this one counted. `Infinity` where there is no limit. Empty when the text is complete, or when the budget does not suffice.
   */
  allowed(state: S, budget: number): ArrayLike<number>;
  /** The state after one of the allowed ids. */
  next(state: S, id: number): S;
  /** Is what was generated so far a whole? */
  accepts(state: S): boolean;
}
