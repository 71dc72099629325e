import { Dropout, Embedding, freeze, Linear, Module } from "@tenon/nn";
import { type Backend, cpu, isTenonError, mul, random, tanh, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { causalBatches } from "./data/causal-batches.ts";
import { maskedBatches } from "./data/masked-batches.ts";
import { evaluate } from "./evaluate.ts";
import { causalLoss } from "./objectives/causal-loss.ts";
import { maskedLoss } from "./objectives/masked-loss.ts";
import type { Objective } from "./objectives/objective.ts";
import { AdamW } from "./optimisers/adamw.ts";
import { warmUpCosine } from "./schedules/warm-up-cosine.ts";
import type { TrainOptions } from "./train-options.ts";
import { train } from "./train.ts";
import type { TrainingStep } from "./training-step.ts";

/** What follows depends on one token alone: embedding, dropout, output. */
class Tiny extends Module<[ids: Tensor], Tensor> {
  readonly vocabulary: number = 8;
  readonly embedding: Embedding = new Embedding({ count: 8, width: 6, random: random(1).fork("embedding") });
  readonly dropout: Dropout = new Dropout(0.2);
  readonly output: Linear = new Linear({ input: 6, output: 8, random: random(1).fork("output") });
  protected override compute(ids: Tensor): Tensor {
    return this.output.forward(this.dropout.forward(tanh(this.embedding.forward(ids))));
  }
}
// Each token but 0 has one successor; after 0 comes any.
const dice = random(3);
const text: number[] = [0];
while (text.length < 600) text.push(text.at(-1) === 0 ? dice.integer(8) : (text.at(-1)! * 3) % 8);

async function set(on: Backend, change: Partial<TrainOptions<Tiny>> = {}) {
  const model = change.model ?? (await new Tiny().to(on));
  const options: TrainOptions<Tiny> = {
    model,
    objective: causalLoss,
    batches: causalBatches({ ids: text.slice(0, 500), context: 10, batch: 4, random: random(2) }),
    optimiser: new AdamW(model),
    schedule: warmUpCosine({ rate: 0.05, warmUp: 5, steps: 40 }),
    steps: 40,
    random: random(4),
    ...change,
  };
  return options;
}
async function all(run: AsyncIterable<TrainingStep>): Promise<TrainingStep[]> {
  const steps: TrainingStep[] = [];
  for await (const step of run) steps.push(step);
  return steps;
}
const timeless = (steps: readonly TrainingStep[]) => steps.map((step) => ({ ...step, tokensPerSecond: 0 }));
const parametersOf = (model: Tiny) =>
  Promise.all([...model.parameters()].map(async ([path, parameter]) => [path, await parameter.host()] as const));
const heldOut = {
  batches: causalBatches({ ids: text.slice(500), context: 10, batch: 2, random: random(5) }),
  count: 3,
  every: 15,
};

test("the loss falls, and every step tells what happened", async () => {
  const options = await set(cpu(), { evaluation: heldOut });
  const steps = await all(train(options));
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  expect(steps[0]!.loss).toBeCloseTo(Math.log(8), 1);
  expect(steps.at(-1)!.loss).toBeLessThan(1);
  expect(steps.map(({ rate }) => rate)).toEqual(steps.map((_, i) => options.schedule(i)));
  expect(steps.every(({ gradientNorm, tokensPerSecond }) => gradientNorm > 0 && tokensPerSecond > 0)).toBe(true);
  // After every 15 steps and after the last.
  const evaluated = steps.filter((step) => "heldOutLoss" in step);
  expect(evaluated.map(({ step }) => step)).toEqual([15, 30, 40]);
  expect(evaluated[2]!.heldOutLoss).toBeLessThan(evaluated[0]!.heldOutLoss!);
  const { model, objective } = options;
  expect(await evaluate({ model, objective, ...heldOut })).toBe(evaluated[2]!.heldOutLoss);
});

test("a masked model learns too", async () => {
  const batches = maskedBatches({
    ids: text.map((id) => id % 7),
    context: 10,
    batch: 8,
    random: random(2),
    vocabulary: 8,
    mask: 7,
    maskable: (id) => id < 7,
  });
  const steps = await all(train(await set(cpu(), { objective: maskedLoss, batches })));
  const mean = (part: readonly TrainingStep[]): number => part.reduce((sum, { loss }) => sum + loss, 0) / part.length;
  expect(mean(steps.slice(-10))).toBeLessThan(mean(steps.slice(0, 10)) - 0.1);
});

test("interrupted anywhere and resumed, it gives the losses and parameters of an uninterrupted run, bit for bit", async () => {
  const on = cpu();
  const whole = await set(on, { evaluation: heldOut });
  const expected = timeless(await all(train(whole)));

  const first = await set(on, { evaluation: heldOut });
  const seen: TrainingStep[] = [];
  for await (const step of train(first)) {
    seen.push(step);
    if (step.step === 17) break;
  }
  const parameters = await parametersOf(first.model);
  const state = await first.optimiser.state();
  first.model[Symbol.dispose]();

  // Another process, as it were.
  const elsewhere = cpu();
  const second = await set(elsewhere, { evaluation: heldOut });
  for (const [path, values] of parameters) second.model.parameters().get(path)!.assign(values);
  second.optimiser.load(state);
  seen.push(...(await all(train(second))));

  expect(timeless(seen)).toEqual(expected);
  expect(await parametersOf(second.model)).toEqual(await parametersOf(whole.model));
  expect(await second.optimiser.state()).toEqual(await whole.optimiser.state());
});

test("a run that has arrived does nothing more", async () => {
  const options = await set(cpu(), { steps: 3 });
  expect((await all(train(options))).length).toBe(3);
  expect(await all(train(options))).toEqual([]);
  expect((await all(train({ ...options, steps: 5 }))).map(({ step }) => step)).toEqual([4, 5]);
});

test("dropout is on in training and draws from its own stream", async () => {
  const firstLoss = async (seed: number): Promise<number> => {
    const options = await set(cpu(), { random: random(seed), steps: 1 });
    return (await all(train(options)))[0]!.loss;
  };
  expect(await firstLoss(4)).toBe(await firstLoss(4));
  expect(await firstLoss(4)).not.toBe(await firstLoss(5));
});

test("an aborted signal ends it quietly after the current step", async () => {
  const on = cpu();
  const controller = new AbortController();
  const options = await set(on, { signal: controller.signal });
  const steps: number[] = [];
  for await (const { step } of train(options)) {
    steps.push(step);
    if (step === 6) controller.abort();
  }
  expect(steps).toEqual([1, 2, 3, 4, 5, 6]);
  expect(options.optimiser.steps).toBe(6);
  expect(await all(train(options))).toEqual([]);
  // And it can go on.
  const rest = await all(train(await set(on, { ...options, signal: undefined, steps: 8 })));
  expect(rest.map(({ step }) => step)).toEqual([7, 8]);
});

test("an abort during the evaluation cuts it short; the step counts", async () => {
  const controller = new AbortController();
  const batches = (step: number) => {
    if (step === 1) controller.abort();
    return heldOut.batches(step);
  };
  const options = await set(cpu(), { signal: controller.signal, evaluation: { ...heldOut, batches, every: 2 } });
  const steps = await all(train(options));
  expect(steps.map((step) => [step.step, "heldOutLoss" in step])).toEqual([
    [1, false],
    [2, false],
  ]);
});

test("timers run between steps", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 30);
  const steps = await all(train(await set(cpu(), { steps: 1e6, signal: controller.signal })));
  expect(steps.length).toBeGreaterThan(0);
});

test("a loss that is not finite stops before the parameters change", async () => {
  const on = cpu();
  let calls = 0;
  const objective: Objective<Tiny> = (model, batch, on) => mul(causalLoss(model, batch, on), ++calls === 3 ? NaN : 1);
  const options = await set(on, { objective });
  let after: unknown;
  let thrown: unknown;
  try {
    for await (const _ of train(options)) after = await parametersOf(options.model);
  } catch (error) {
    thrown = error;
  }
  if (!isTenonError(thrown, "GradientError")) throw new Error("expected a GradientError");
  expect(thrown.message).toBe(
    "Training stopped at step 3: the loss is NaN. Computed again, the loss and every gradient are finite: the objective does not give the same for the same batch, or the backend does not. The parameters are those of the step before. Lower the rate (it was 0.025), lengthen the warm-up, or clip harder (the limit was 1).",
  );
  const diagnosis = expect.objectContaining({ kind: "finite" });
  expect(thrown.fields).toEqual({
    step: 3,
    loss: NaN,
    gradientNorm: NaN,
    rate: options.schedule(2),
    clip: 1,
    diagnosis,
  });
  expect(await parametersOf(options.model)).toEqual(after);
  expect(options.optimiser.steps).toBe(2);
  expect(on.memory().tensors).toBe(9); // three parameters, each with its means
});

test("gradients that are not finite stop it too", async () => {
  const steep: Objective<Tiny> = (model, batch, on) => mul(causalLoss(model, batch, on), 1e30);
  await expect(all(train(await set(cpu(), { objective: steep })))).rejects.toThrow(
    "Training stopped at step 1: the norm of the gradients is Infinity. Each gradient is finite, and their squares together overflow: the largest norm is 6.132e+29, of output.bias [8]. No step had been taken, so look for initial parameters that are not finite or an objective that overflows.",
  );
  let calls = 0;
  const later: Objective<Tiny> = (...input) => (++calls === 2 ? steep : causalLoss)(...input);
  await expect(all(train(await set(cpu(), { objective: later, clip: Infinity })))).rejects.toThrow(
    /step 2: the norm of the gradients is Infinity\. .* or clip the gradients \(clip: 1\)\.$/,
  );
});

test("a held-out loss that is not finite stops it after the step", async () => {
  let calls = 0;
  const objective: Objective<Tiny> = (model, batch, on) => mul(causalLoss(model, batch, on), ++calls > 3 ? NaN : 1);
  const evaluation = { ...heldOut, every: 3 };
  await expect(all(train(await set(cpu(), { objective, evaluation })))).rejects.toThrow(
    /^Training stopped after step 3: the loss on held-out text is NaN\. Go back to what was saved before\. Lower the rate/,
  );
});

test("clipping limits what a step sees", async () => {
  const norms: number[] = [];
  const stepWith = async (clip: number): Promise<number> => {
    const options = await set(cpu(), { clip, steps: 1 });
    const [done] = await all(train(options));
    norms.push(done!.gradientNorm);
    return (await options.optimiser.state()).get("output.bias.mean")!.data[0]!;
  };
  const free = await stepWith(Infinity);
  const [norm] = norms;
  expect(await stepWith(1e6)).toBe(free);
  expect(await stepWith(norm! / 4)).toBeCloseTo(free / 4, 7);
  expect(norms).toEqual([norm, norm, norm]); // before clipping
});

test("memory stays flat over 200 steps", async () => {
  const on = cpu();
  const options = await set(on, { steps: 200, evaluation: heldOut });
  const seen = new Set<string>();
  for await (const _ of train(options)) seen.add(JSON.stringify(on.memory()));
  expect(seen.size).toBe(1);
  expect(on.memory().tensors).toBe(9);
});

test("bad options are refused at once and by name", async () => {
  const options = await set(cpu());
  expect(() => train({ ...options, steps: 0 })).toThrow("train: steps must be a whole number from 1 up, got 0");
  expect(() => train({ ...options, clip: 0 })).toThrow("train: clip must be a finite number above 0, got 0");
  expect(() => train({ ...options, evaluation: { ...heldOut, every: 0 } })).toThrow("train: evaluation.every must be");
  expect(() => train({ ...options, evaluation: { ...heldOut, count: 0.5 } })).toThrow(
    "train: evaluation.count must be",
  );
  expect(() => train({ ...options, model: new Tiny() })).toThrow("place it on a backend first");
});

test("frozen parameters are not touched, by weight decay neither, and the others learn", async () => {
  const model = await new Tiny().to(cpu());
  freeze(model.embedding);
  const before = new Map(await parametersOf(model));
  const optimiser = new AdamW(model, { decay: 0.5 });
  const steps = await all(train(await set(cpu(), { model, optimiser, steps: 5 })));
  const after = new Map(await parametersOf(model));
  expect(after.get("embedding.table")).toEqual(before.get("embedding.table"));
  expect(after.get("output.weight")).not.toEqual(before.get("output.weight"));
  expect(steps.at(-1)!.loss).toBeLessThan(steps[0]!.loss);
});
