import { expectPositive, expectSize, type Part, type ValueAndGrad, valueAndGrad, withDropout } from "@tenon/nn";
import { type Backend, GradientError, Scope, type Tensor } from "@tenon/tensor";

import type { Batch } from "./data/batch.ts";
import { tokensIn } from "./data/counts.ts";
import { DivergenceWatch } from "./diagnosis/divergence-watch.ts";
import { diverging, notFinite } from "./diagnosis/stopped.ts";
import { evaluate } from "./evaluate.ts";
import { breather } from "./event-loop.ts";
import { homeOf } from "./home.ts";
import { meanGradients } from "./mean-gradients.ts";
import { clipByGlobalNorm, type Clipped, globalNorm } from "./optimisers/clip.ts";
import type { TrainOptions } from "./train-options.ts";
import type { TrainingStep } from "./training-step.ts";

/**
 * Trains a model, step by step, as an async generator: each step is yielded once it is done, and none begins before the next is
 * asked for. A step draws its batch, takes the loss with dropout on and its gradients, clips them by their global norm and lets the
 * optimiser change the parameters. Batch, dropout and rate are pure functions of the number of steps done before.
 *
 * **Stopping.** Leave the loop with `break`, or abort the signal: the loop then ends quietly after the current step. At every
 * yield, model and optimiser are in step, and nothing but them need be saved: the parameters and `await optimiser.state()`.
 *
 * **Going on.** Load the parameters and `optimiser.load(state)`, and call `train` again with the same options. On the same
 * backend the losses and parameters are those of a run that was never interrupted, to the last bit.
 *
 * Loss and norm are read before the parameters change. Throws `GradientError` when one of them is not finite, naming the step and which tensor was
 * the first (see {@link diagnose}), and when the loss rises and stays up (see {@link DivergenceWatch});
 * the parameters then are those of the step before. Throws it for a held-out loss that is not finite, too: that step broke them. Throws `ConfigError` at once for options that cannot be honoured.
 *
 * @example
 * ```ts
 * class Bigrams extends Embedding {
 *   readonly vocabulary = 4;
 * }
 * const model = await new Bigrams({ count: 4, width: 4, random: random(1) }).to(cpu());
 * const ids = Array.from({ length: 400 }, (_, i) => i % 4);
 * const run = train({
 *   model,
 *   objective: causalLoss,
 *   batches: causalBatches({ ids, context: 8, batch: 4, random: random(2) }),
 *   optimiser: new AdamW(model),
 *   schedule: warmUpCosine({ rate: 0.1, warmUp: 5, steps: 50 }),
 *   steps: 50,
 *   random: random(3),
 * });
 * for await (const { step, loss } of run) if (step % 10 === 0) console.log(step, loss.toFixed(3));
 * // 10 0.604
 * // 20 0.170
 * // 30 0.088
 * // 40 0.071
 * // 50 0.069
 * ```
 */
export function train<M extends Part, B extends object = Batch>(
  options: TrainOptions<M, B>,
): AsyncGenerator<TrainingStep, void, void> {
  const { steps, accumulate = 1, clip = 1, evaluation } = options;
  expectSize("train", "steps", steps);
  expectSize("train", "accumulate", accumulate);
  if (clip !== Infinity) expectPositive("train", "clip", clip);
  if (evaluation !== undefined) {
    expectSize("train", "evaluation.count", evaluation.count);
    expectSize("train", "evaluation.every", evaluation.every);
  }
  const { divergence = new DivergenceWatch() } = options;
  return run({ ...options, accumulate, clip, divergence }, homeOf("train", options.model));
}

/** Options with their defaults. */
type Whole<M extends Part, B extends object> = TrainOptions<M, B> & {
  readonly accumulate: number;
  readonly clip: number;
  readonly divergence: DivergenceWatch | false;
};

async function* run<M extends Part, B extends object>(
  options: Whole<M, B>,
  on: Backend,
): AsyncGenerator<TrainingStep, void, void> {
  const { optimiser, steps, evaluation, signal } = options;
  const breathe = breather(20);
  while (optimiser.steps < steps) {
    await breathe();
    if (signal?.aborted) return;
    const done = await takeStep(options, on);
    const due = evaluation !== undefined && (done.step % evaluation.every === 0 || done.step === steps);
    const heldOutLoss = due ? await heldOut(options) : undefined;
    if (heldOutLoss !== undefined && !Number.isFinite(heldOutLoss)) throw diverged(done, heldOutLoss);
    yield heldOutLoss === undefined ? done : { ...done, heldOutLoss };
  }
}

async function takeStep<M extends Part, B extends object>(options: Whole<M, B>, on: Backend): Promise<TrainingStep> {
  const { model, batches, accumulate, clip, optimiser, schedule, divergence } = options;
  const before = optimiser.steps;
  const start = performance.now();
  const rate = schedule(before);
  const first = before * accumulate;
  const drawn = await Promise.all(Array.from({ length: accumulate }, async (_, i) => batches(first + i)));
  using scope = new Scope();
  const { value, gradients, whole, norm } = scope.run(() => {
    const { value, gradients: whole } = meanGradients(
      drawn,
      (batch, i) => lossAndGradients(options, batch, first + i, on),
      before,
    );
    scope.adopt(value);
    for (const gradient of whole.values()) scope.adopt(gradient);
    const clipped: Clipped =
      clip === Infinity ? { gradients: whole, norm: globalNorm(whole) } : clipByGlobalNorm(whole, clip);
    return { value, whole, ...clipped };
  });
  const [loss, gradientNorm] = await Promise.all([numberIn(value), numberIn(norm)]);
  const facts = { step: before + 1, loss, gradientNorm, rate, clip };
  if (!(Number.isFinite(loss) && Number.isFinite(gradientNorm))) throw await notFinite(options, drawn, first, facts);
  if (divergence !== false && divergence.observe(loss)) throw await diverging(model, whole, divergence, facts);
  scope.run(() => optimiser.step(gradients, rate));
  const seconds = (performance.now() - start) / 1000;
  const tokens = drawn.reduce((sum, batch) => sum + tokensIn(batch), 0);
  return { step: optimiser.steps, loss, rate, gradientNorm, tokensPerSecond: tokens / seconds };
}

function lossAndGradients<M extends Part, B extends object>(
  { model, objective, random }: Whole<M, B>,
  batch: B,
  draw: number,
  on: Backend,
): ValueAndGrad {
  return withDropout(model, random, draw, () => valueAndGrad(model, () => objective(model, batch, on)));
}

/** The held-out loss; undefined when the signal cut it short, for the step before it is done all the same. */
async function heldOut<M extends Part, B extends object>(options: Whole<M, B>): Promise<number | undefined> {
  const { model, objective, evaluation, signal } = options;
  try {
    const { batches, count, objective: measured = objective } = evaluation!;
    return await evaluate({ model, objective: measured, batches, count, signal });
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined;
    throw error;
  }
}

function diverged({ step, rate }: TrainingStep, heldOutLoss: number): GradientError {
  const remedy = `Go back to what was saved before. Lower the rate (it was ${Number(rate.toPrecision(4))}) or lengthen the warm-up`;
  return new GradientError(
    `Training stopped after step ${step}: the loss on held-out text is ${heldOutLoss}. ${remedy}.`,
    {
      step,
      rate,
      heldOutLoss,
    },
  );
}

async function numberIn(tensor: Tensor): Promise<number> {
  return (await tensor.read())[0]!;
}
