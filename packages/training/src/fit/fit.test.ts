import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { curve, heldOut, HostAverage, parametersOf, refused, set, timeless, Tiny } from "../../test/tiny.ts";
import { checkpointsInMemory } from "../checkpoints/checkpoints-in-memory.ts";
import { Checkpoints } from "../checkpoints/checkpoints.ts";
import { evaluate } from "../evaluate.ts";
import type { TrainOptions } from "../train-options.ts";
import { train } from "../train.ts";
import type { TrainingStep } from "../training-step.ts";
import type { FitOptions } from "./fit-options.ts";
import { fit } from "./fit.ts";
import { TrainingControl } from "./training-control.ts";

test("without options it is train, to the end", async () => {
  const expected: TrainingStep[] = [];
  for await (const step of train(await set())) expected.push(step);
  const steps: TrainingStep[] = [];
  const report = await fit(await set(), { on: { step: (step) => void steps.push(step) } });
  expect(timeless(steps)).toEqual(timeless(expected));
  expect([report.steps, report.ended, report.last?.step, report.resumed]).toEqual([20, "completed", 20, undefined]);
  expect(report.evaluated).toEqual({ step: 20, scores: { loss: expected.at(-1)!.heldOutLoss }, best: true });
});

test("callbacks come in order, and a promise is awaited", async () => {
  const seen: string[] = [];
  const see =
    (what: string) =>
    async ({ step }: { readonly step: number }): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      seen.push(`${what} ${step}`);
    };
  const report = await fit(await set({ steps: 7 }), {
    metrics: { twice: async (model) => 2 * (await model.output.bias!.host()).length },
    checkpoints: { to: new Checkpoints(checkpointsInMemory()), every: 5 },
    on: {
      step: see("step"),
      evaluated: see("evaluated"),
      saved: see("saved"),
      stopped: ({ steps }) => void seen.push(`stopped ${steps}`),
    },
  });
  expect(seen[0]).toBe("saved 0");
  expect(seen.slice(5).join(", ")).toBe(
    "step 5, evaluated 5, saved 5, step 6, step 7, evaluated 7, saved 7, stopped 7",
  );
  expect(report.evaluated?.scores["twice"]).toBe(16);
});

test("stops when nothing has improved by enough, and ends with the best parameters", async () => {
  const at: Record<number, Awaited<ReturnType<typeof parametersOf>>> = {};
  const training = await set({ steps: 100 });
  const run = async (options: Partial<NonNullable<FitOptions<Tiny>["stopping"]>>, ...values: number[]) =>
    fit(await set({ steps: 100 }), {
      metrics: { score: curve(...values) },
      stopping: { patience: 2, metric: "score", ...options },
    });
  // Of 5, 4.5 and 4.2 no one beats 4 by half; 3.4 does.
  const report = await fit(training, {
    metrics: { score: curve(5, 4, 4.5, 3.4, 3.2, 3) },
    stopping: { patience: 2, metric: "score", improvement: 0.5 },
    on: { step: async ({ step }) => void (at[step] = await parametersOf(training.model)) },
  });
  expect([report.ended, report.steps, report.best]).toEqual(["stopped early", 30, { step: 20, value: 3.4 }]);
  expect(await parametersOf(training.model)).toEqual(at[20]);
  expect(at[30]).not.toEqual(at[20]);

  const last = await run({ restoreBest: false }, 1);
  expect([last.ended, last.steps, last.best]).toEqual(["stopped early", 15, { step: 5, value: 1 }]);
  const rising = await run({ goal: "higher" }, 0.1, 0.2, 0.15, 0.3, 0.3);
  expect([rising.steps, rising.best]).toEqual([30, { step: 20, value: 0.3 }]);
});

test("a run that was aborted keeps its last parameters, from which it goes on", async () => {
  const controller = new AbortController();
  const training = await set({ signal: controller.signal });
  const step = ({ step }: TrainingStep): void => (step === 12 ? controller.abort() : undefined);
  await fit(training, { metrics: { score: curve(1, 2) }, stopping: { patience: 9, metric: "score" }, on: { step } });
  const plain = await set({ steps: 12, evaluation: undefined });
  await fit(plain);
  expect(await parametersOf(training.model)).toEqual(await parametersOf(plain.model));
});

test("evaluations see the moving average, training does not", async () => {
  const training = await set({ steps: 5 });
  const average = new HostAverage(training.model);
  const report = await fit(training, { average });
  const plain = await set({ steps: 5, evaluation: undefined });
  await fit(plain);
  expect(await parametersOf(training.model)).toEqual(await parametersOf(plain.model));
  const { model, objective } = training;
  const { batches, count } = heldOut;
  expect(await evaluate({ model, objective, batches, count })).not.toBe(report.evaluated!.scores["loss"]);
  await average.swap();
  expect(await evaluate({ model, objective, batches, count })).toBe(report.evaluated!.scores["loss"]);
});

test("a hand on the run: paused, slower, on again; the scale is in the checkpoint", async () => {
  const control = new TrainingControl();
  const files = checkpointsInMemory();
  const rates: number[] = [];
  let waited = 0;
  await fit(await set({ steps: 4 }), {
    control,
    checkpoints: { to: new Checkpoints(files), every: 2 },
    on: {
      step: ({ step, rate }) => {
        rates.push(rate);
        if (step !== 2) return;
        control.pause();
        const start = performance.now();
        setTimeout(() => {
          waited = performance.now() - start;
          control.scale = 0.5;
          control.resume();
        }, 20);
      },
    },
  });
  expect(waited).toBeGreaterThan(15);
  expect(rates).toEqual([0.02, 0.02, 0.01, 0.01]);
  const later = new TrainingControl();
  const report = await fit(await set({ steps: 5 }), {
    control: later,
    checkpoints: { to: new Checkpoints(files), every: 2 },
  });
  expect([report.last?.step, report.last?.rate, later.scale]).toEqual([5, 0.01, 0.5]);

  // A pause ends with the signal.
  const controller = new AbortController();
  later.pause();
  setTimeout(() => controller.abort(), 5);
  const aborted = await fit(await set({ signal: controller.signal }), { control: later });
  expect([aborted.ended, aborted.steps, later.paused]).toEqual(["aborted", 1, true]);
  expect(() => (control.scale = -1)).toThrow("TrainingControl: scale must be a finite number from 0 up, got -1");
});

test("a metric or held-out loss that is not finite ends the run, with the checkpoint of before", async () => {
  const files = checkpointsInMemory();
  const score = curve(1, NaN);
  expect(
    await refused(
      fit(await set(), {
        metrics: { score },
        stopping: { patience: 3, metric: "score" },
        checkpoints: { to: new Checkpoints(files), every: 5 },
      }),
      "GradientError",
    ),
  ).toBe(
    "Training stopped after step 10: the metric score is NaN. Go back to what was saved before. Lower the rate or lengthen the warm-up.",
  );
  expect((await new Checkpoints(files).latest())?.step).toBe(5);
  // One that is only reported may be what it likes.
  expect((await fit(await set(), { metrics: { score: () => NaN } })).evaluated?.scores["score"]).toBe(NaN);
});

test("what cannot be honoured is refused by name", async () => {
  const problem = async (options: FitOptions<Tiny>, change: Partial<TrainOptions<Tiny>> = {}): Promise<string> =>
    refused(fit(await set(change), options), "ConfigError");
  const stopping = { patience: 2 };
  expect(await problem({ stopping }, { evaluation: undefined })).toBe(
    "fit: stopping needs evaluations; say in the first argument's `evaluation` on what and how often",
  );
  expect(await problem({ metrics: { a: () => 1 } }, { evaluation: undefined })).toContain(
    "fit: metrics needs evaluations",
  );
  expect(await problem({ metrics: { loss: () => 1 } })).toContain('a metric is called "loss"');
  expect(await problem({ stopping: { patience: 2, metric: "bleu" }, metrics: { f1: () => 1 } })).toBe(
    'fit: stopping.metric is "bleu", which is not measured; there are loss, f1',
  );
  expect(await problem({ stopping: { patience: 0 } })).toContain(
    "fit: stopping.patience must be a whole number from 1 up",
  );
  expect(await problem({ stopping: { patience: 1, improvement: -1 } })).toContain(
    "stopping.improvement must be a finite",
  );
  expect(await problem({ stopping: { patience: 1, goal: "up" as never } })).toContain(
    'fit: stopping.goal must be "lower" or "higher", got "up"',
  );
  for (const name of ["count", "every"])
    expect(await problem({}, { evaluation: { ...heldOut, [name]: 0 } })).toContain(
      `fit: evaluation.${name} must be a whole`,
    );
  const to = new Checkpoints(checkpointsInMemory());
  expect(await problem({ checkpoints: { to, every: 0 } })).toContain("fit: checkpoints.every must be a whole number");
  const parts = { best: new HostAverage(new Tiny()) };
  expect(await problem({ checkpoints: { to, every: 1, parts } })).toContain('checkpoints.parts has "best"');

  const training = await set({ steps: 4 });
  await fit(training, { checkpoints: { to, every: 4 } });
  expect(await problem({ checkpoints: { to, every: 4 } }, { random: random(9) })).toMatch(
    /^fit: step-00000004\.safetensors is of a run with another seed of random: .*, so it would not be the same run\. Use the options that it began with/,
  );
  expect(await problem({ checkpoints: { to, every: 4 } }, { accumulate: 2 })).toContain(
    "another accumulate: 1, and now it is 2",
  );
  expect(await problem({ checkpoints: { to, every: 4 }, stopping })).toContain(
    "fit: step-00000004.safetensors does not hold the parameters of the best evaluation",
  );
  await fit({ ...training, steps: 6 });
  expect(await refused(fit({ ...training, steps: 8 }, { checkpoints: { to, every: 4 } }), "ConfigError")).toContain(
    "fit: the optimiser has taken 6 steps, and the latest checkpoint, step-00000004.safetensors, is older.",
  );
  const other = new Checkpoints(checkpointsInMemory());
  await other.save(await set());
  expect(await problem({ checkpoints: { to: other, every: 4 } })).toContain(
    "step-00000000.safetensors was not saved by fit",
  );
});
