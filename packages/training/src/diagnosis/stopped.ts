import { type Part, withDropout } from "@tenon/nn";
import { type Backend, GradientError, isTenonError, type Tensor } from "@tenon/tensor";

import type { Gradients } from "../optimisers/optimiser.ts";
import type { TrainOptions } from "../train-options.ts";
import { diagnose } from "./diagnose.ts";
import { type Diagnosis, ofNothing } from "./diagnosis.ts";
import type { DivergenceWatch } from "./divergence-watch.ts";
import { normOf, short } from "./numbers-in.ts";

/** What is known of the step that cannot be taken. */
export interface StepFacts {
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly rate: number;
  readonly clip: number;
}

/** Of all parameters, those whose gradients a message names. */
const named = 3;

/** Why a step whose loss or gradients are not finite is not taken: with the tensor that was the first. `drawn` are its batches, from number `draw` on. */
export async function notFinite<M extends Part, B extends object>(
  { model, objective, random }: TrainOptions<M, B>,
  drawn: readonly B[],
  draw: number,
  facts: StepFacts,
): Promise<GradientError> {
  const lossOf =
    (batch: B, i: number) =>
    (on: Backend): Tensor =>
      withDropout(model, random, draw + i, () => objective(model, batch, on));
  let diagnosis: Diagnosis = ofNothing;
  try {
    for (const [i, batch] of drawn.entries()) {
      diagnosis = await diagnose(model, lossOf(batch, i));
      if (diagnosis.kind !== "finite") break;
    }
  } catch (error) {
    // What it was asked for is the error of the step; that a second look failed is told beside it.
    if (!isTenonError(error)) throw error;
    diagnosis = { kind: "finite", text: `It could not be computed again: ${error.message.replace(/\.$/, "")}.` };
  }
  const { step, loss, gradientNorm, rate, clip } = facts;
  const what = Number.isFinite(loss) ? `the norm of the gradients is ${gradientNorm}` : `the loss is ${loss}`;
  const clipping = clip === Infinity ? "clip the gradients (clip: 1)" : `clip harder (the limit was ${clip})`;
  const remedy =
    step === 1
      ? "No step had been taken, so look for initial parameters that are not finite or an objective that overflows"
      : `The parameters are those of the step before. Lower the rate (it was ${short(rate)}), lengthen the warm-up, or ${clipping}`;
  return new GradientError(`Training stopped at step ${step}: ${what}. ${diagnosis.text} ${remedy}.`, {
    ...facts,
    diagnosis,
  });
}

/** Why a run that diverges ends before its next step: how far it went wrong, and which gradients are the largest. */
export async function diverging(
  model: Part,
  gradients: Gradients,
  watch: DivergenceWatch,
  facts: StepFacts,
): Promise<GradientError> {
  const { step, gradientNorm, rate } = facts;
  const norms: { readonly parameter: string; readonly norm: number }[] = [];
  for (const [parameter, variable] of model.parameters()) {
    const gradient = gradients.get(variable);
    if (gradient !== undefined) norms.push({ parameter, norm: normOf(await gradient.read()) });
  }
  norms.sort((a, b) => b.norm - a.norm);
  const { smoothed, best, sinceBest } = watch.state;
  const largest = norms.slice(0, named).map(({ parameter, norm }) => `${parameter} ${short(norm)}`);
  const sentences = [
    `Training stopped at step ${step}: it diverges`,
    `The loss, smoothed over ${watch.window} steps, has been above ${short(watch.limit)} for ${watch.steps} steps; it is ${short(smoothed)} now, and was ${short(best!)} ${sinceBest} steps ago`,
    `The norm of the gradients is ${short(gradientNorm)}, and those of the largest are ${largest.join(", ")}`,
    `Go back to what was saved before, and lower the rate (it was ${short(rate)}), lengthen the warm-up or clip harder; if the loss is meant to rise, say divergence: false`,
  ];
  return new GradientError(`${sentences.join(". ")}.`, { ...facts, smoothed, best, sinceBest, norms });
}
