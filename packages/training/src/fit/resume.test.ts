import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { curve, HostAverage, parametersOf, set, timeless, type Tiny } from "../../test/tiny.ts";
import { checkpointsInMemory } from "../checkpoints/checkpoints-in-memory.ts";
import { Checkpoints } from "../checkpoints/checkpoints.ts";
import type { Batch } from "../data/batch.ts";
import { DivergenceWatch } from "../diagnosis/divergence-watch.ts";
import { MovingAverage } from "../optimisers/moving-average.ts";
import type { TrainOptions } from "../train-options.ts";
import type { TrainingStep } from "../training-step.ts";
import type { FitOptions } from "./fit-options.ts";
import type { FitRecord, FitReport } from "./fit-report.ts";
import { fit } from "./fit.ts";

/** Runs to step `stopAt`, aborts there, and goes on as another process would. */
async function interrupted(
  stopAt: number,
  change: Partial<TrainOptions<Tiny>>,
  options: (model: Tiny) => FitOptions<Tiny>,
): Promise<{ steps: TrainingStep[]; report: FitReport; model: Tiny }> {
  const files = checkpointsInMemory();
  const steps: TrainingStep[] = [];
  const session = async (signal?: AbortSignal, step?: (step: TrainingStep) => void) => {
    const training = await set({ ...change, signal });
    const own = options(training.model);
    const report = await fit(training, {
      ...own,
      checkpoints: { to: new Checkpoints(files), every: 4 },
      on: {
        step: (each) => {
          steps.push(each);
          step?.(each);
        },
      },
    });
    return { report, model: training.model };
  };
  const controller = new AbortController();
  const { report } = await session(controller.signal, ({ step }) => {
    if (step === stopAt) controller.abort();
  });
  expect([report.ended, report.steps]).toEqual(["aborted", stopAt]);
  return { steps, ...(await session()) };
}

test("aborted anywhere and begun again, it stops early at the same step, with the same bits", async () => {
  const options = (model: Tiny): FitOptions<Tiny> => ({
    stopping: { patience: 3, improvement: 0.05 },
    average: new HostAverage(model),
  });
  const training = await set({ steps: 200 });
  const expected: TrainingStep[] = [];
  const whole = await fit(training, { ...options(training.model), on: { step: (step) => void expected.push(step) } });
  expect(whole.ended).toBe("stopped early");
  for (const stopAt of [3, 10, whole.steps - 5, whole.steps - 1]) {
    const { steps, report, model } = await interrupted(stopAt, { steps: 200 }, options);
    expect([report.ended, report.steps, report.best]).toEqual(["stopped early", whole.steps, whole.best]);
    expect(report.resumed).toEqual({ file: expect.stringContaining(`0${stopAt}.saf`), step: stopAt, passedOver: [] });
    expect(timeless(steps)).toEqual(timeless(expected));
    expect(await parametersOf(model)).toEqual(await parametersOf(training.model));
  }
});

test("an evaluation that the signal cut short is made up for when the run goes on", async () => {
  const files = checkpointsInMemory();
  const session = async (signal?: AbortSignal, score: () => number = () => 1) => {
    const evaluated: number[] = [];
    const report = await fit(await set({ signal }), {
      metrics: { score },
      checkpoints: { to: new Checkpoints(files), every: 100 },
      on: { evaluated: ({ step }) => void evaluated.push(step) },
    });
    return { report, evaluated };
  };
  const controller = new AbortController();
  const first = await session(controller.signal, () => {
    controller.abort();
    controller.signal.throwIfAborted();
    return 0;
  });
  expect([first.report.ended, first.report.steps, first.evaluated]).toEqual(["aborted", 5, []]);
  expect((await session()).evaluated).toEqual([5, 10, 15, 20]);
});

test("a run that has arrived does nothing more, and gives its best again", async () => {
  const files = checkpointsInMemory();
  const options = (): FitOptions<Tiny> => ({
    metrics: { score: curve(1, 2) },
    stopping: { patience: 9, metric: "score" },
    checkpoints: { to: new Checkpoints(files), every: 5, record: { name: "mine" } },
  });
  const first = await set();
  await fit(first, options());
  const second = await set();
  const report = await fit(second, options());
  expect([report.ended, report.steps, report.last, report.best]).toEqual([
    "completed",
    20,
    undefined,
    { step: 5, value: 1 },
  ]);
  expect(await parametersOf(second.model)).toEqual(await parametersOf(first.model));
  const { given, fit: progress } = (await new Checkpoints(files).latest())!.record as unknown as FitRecord;
  expect(given).toEqual({ name: "mine" });
  expect(progress).toEqual({
    random: [...random(4).key],
    accumulate: 1,
    position: 20,
    evaluated: 20,
    best: { step: 5, value: 1 },
    sinceBest: 3,
    divergence: expect.objectContaining({ seen: 20, above: 0 }),
    scale: 1,
  });
  // The checkpoint has the last parameters, from which a longer run goes on.
  const third = await set({ steps: 21 });
  const whole = await set({ steps: 21 });
  await fit(whole);
  await fit(third, { ...options(), stopping: { patience: 9, metric: "score", restoreBest: false } });
  expect(await parametersOf(third.model)).toEqual(await parametersOf(whole.model));
});

test("a run that was killed before its first step begins again, with its moving average", async () => {
  const to = new Checkpoints(checkpointsInMemory());
  const begin = async (change: Partial<TrainOptions<Tiny>> = {}): Promise<FitReport> => {
    const training = await set({ steps: 6, ...change });
    const average = new MovingAverage(training.model, { decay: 0.5 });
    return fit(training, { average, checkpoints: { to, every: 100 } });
  };
  await begin({ signal: AbortSignal.abort() });
  const { resumed, steps, evaluated } = await begin();
  expect([resumed!.step, steps, evaluated!.step]).toEqual([0, 6, 6]);
});

test("what was passed over is told at once", async () => {
  const files = checkpointsInMemory();
  await fit(await set({ steps: 8 }), { checkpoints: { to: new Checkpoints(files), every: 4 } });
  await files.write("step-00000008.safetensors", new Uint8Array());
  const told: string[] = [];
  const report = await fit(await set({ steps: 9 }), {
    checkpoints: { to: new Checkpoints(files), every: 4 },
    on: { resumed: ({ step, passedOver }) => void told.push(`${step}: ${passedOver[0]!.file}`) },
  });
  expect(told).toEqual(["4: step-00000008.safetensors"]);
  expect(report.resumed?.passedOver[0]?.reason).toContain("is empty");
  expect(report.steps).toBe(9);
});

test("a run that diverges is ended at the same step, however often it was interrupted", async () => {
  const fixed = await set();
  // From step 30 on what is right changes from step to step, so that there is nothing to learn.
  const batches = async (step: number): Promise<Batch> => {
    const batch = await fixed.batches(step);
    return step < 30 ? batch : { ...batch, targets: batch.targets.map((id) => (id + step) % 8) };
  };
  const session = async (to: Checkpoints, stopAt?: number): Promise<string> => {
    const controller = new AbortController();
    const training = await set({ steps: 400, batches, signal: controller.signal });
    const watched = { ...training, divergence: new DivergenceWatch({ steps: 12, window: 5 }) };
    const step = ({ step }: TrainingStep): void => (step === stopAt ? controller.abort() : undefined);
    const run = fit(watched, { checkpoints: { to, every: 1000 }, on: { step } });
    return run.then(({ ended }) => ended, String);
  };
  const expected = await session(new Checkpoints(checkpointsInMemory()));
  expect(expected).toMatch(/^GradientError: Training stopped at step \d\d: it diverges\./);
  const to = new Checkpoints(checkpointsInMemory());
  for (const stopAt of [2, 20, 38]) expect(await session(to, stopAt)).toBe("aborted");
  expect(await session(to)).toBe(expected);
});
