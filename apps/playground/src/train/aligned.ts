import type { Series } from "../interface/line-chart.tsx";

/** Losses that were taken at some steps, and held-out losses at others, on one axis. */
export function aligned(
  steps: readonly number[],
  loss: readonly number[],
  heldOutSteps: readonly number[],
  heldOut: readonly number[],
): { readonly x: readonly number[]; readonly series: readonly Series[] } {
  const [ofTraining, ofHeldOut] = [byStep(steps, loss), byStep(heldOutSteps, heldOut)];
  const x = [...new Set([...steps, ...heldOutSteps])].sort((a, b) => a - b);
  return {
    x,
    series: [
      { title: "training", values: x.map((step) => ofTraining.get(step) ?? null) },
      { title: "held out", values: x.map((step) => ofHeldOut.get(step) ?? null) },
    ],
  };
}

const byStep = (steps: readonly number[], values: readonly number[]): ReadonlyMap<number, number> =>
  new Map(steps.map((step, i) => [step, values[i]!]));
