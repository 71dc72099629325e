/**
 * How hypotheses of different lengths are compared: what a beam search sorts them by. A part of it: write another by returning an object of this shape.
 *
 * It ranks what has ended; which beams go on is decided by the sums of their scores alone, as they are all of one length.
 *
 * @example
 * ```ts
 * // Every token is worth a nat, so that what is longer may win.
 * const bonus: BeamScore = { name: "a nat per token", score: (sum, length) => sum + length };
 * const model = functionModel(() => [1, 0.5], { vocabulary: 2 });
 * const { hypotheses } = await beamSearch(model, [0], { beams: 2, stop: [0], maxTokens: 3, score: bonus });
 * console.log(hypotheses.map(({ ids }) => ids)); // [ [ 1, 1, 0 ], [ 1, 0 ] ]
 * ```
 */
export interface BeamScore {
  /** How error messages call it. */
  readonly name: string;
  /** Set where it needs to know how much of the source each hypothesis looked at. */
  readonly coverage?: boolean;
  /**
   * The score of a hypothesis of so many tokens, the higher the better; never NaN. `sum` is that of its tokens' scores: log-probabilities, after the
   * transforms. `coverage` [s] is Σⱼ pᵢⱼ: with which weight its tokens looked at each position of the source, summed over the tokens.
   *
   * Without a coverage it tells the best that one could give: so the search learns whether it pays to go on. For that, the score of a sum and a coverage
   * should only rise or only fall with the length.
   */
  score(sum: number, length: number, coverage?: Float64Array): number;
}
