/**
 * The training loops of one thread. They work on the matrices of a {@link LoopsPlan} and on what the thread's {@link Slot} holds, and draw
 * from its random numbers.
 *
 * - {@link skipGram} and {@link continuousBag} take the first `count` words of `slot.sentence`;
 * - {@link learnRows} takes one example: the first `count` of `slot.rows`, and a target.
 *
 * `rate` is the learning rate.
 */
export interface Loops {
  readonly skipGram: (count: number, rate: number) => void;
  readonly continuousBag: (count: number, rate: number) => void;
  readonly learnRows: (count: number, target: number, rate: number) => void;
}
