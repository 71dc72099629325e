/**
 * What one step of training came to; plain data, ready for a progress bar or a line of JSON.
 *
 * @example
 * ```ts
 * const line: TrainingStep = { step: 1, loss: 4.17, rate: 0.001, gradientNorm: 2.3, tokensPerSecond: 5000 };
 * console.log(JSON.stringify(line));
 * // {"step":1,"loss":4.17,"rate":0.001,"gradientNorm":2.3,"tokensPerSecond":5000}
 * ```
 */
export interface TrainingStep {
  /** Steps done so far, this one included: 1 after the first. */
  readonly step: number;
  /** The loss on this step's batch, before the step; with dropout. */
  readonly loss: number;
  readonly rate: number;
  /** The norm of all gradients together, before clipping. */
  readonly gradientNorm: number;
  /** Tokens of the batch (without padding) by the time that this step took, evaluation aside. */
  readonly tokensPerSecond: number;
  /** The loss on the held-out batches after the step, without dropout, at the steps that are evaluated. */
  readonly heldOutLoss?: number;
}
