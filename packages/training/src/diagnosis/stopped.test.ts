import { ConfigError, cpu, isTenonError, mul, type TypedArray } from "@tenon/tensor";
import { expect, test } from "vitest";

import { set, Tiny } from "../../test/tiny.ts";
import type { Batch } from "../data/batch.ts";
import { causalLoss } from "../objectives/causal-loss.ts";
import type { Objective } from "../objectives/objective.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { train } from "../train.ts";
import type { TrainingStep } from "../training-step.ts";

async function all(run: AsyncIterable<TrainingStep>): Promise<void> {
  for await (const _ of run);
}

test("the error names the tensor that was the first, in whichever of the batches, with dropout as in the step", async () => {
  // One batch of the second step is weighed so that the loss overflows.
  let inStep: Promise<TypedArray> | undefined;
  const objective: Objective<Tiny> = (model, batch, on) => {
    const loss = causalLoss(model, batch, on);
    if (batch.shape[1] !== 3) return loss;
    inStep ??= loss.read();
    return mul(loss, 1e39);
  };
  const { batches: whole, ...options } = await set({ objective, accumulate: 2, steps: 3 });
  const batches = async (step: number): Promise<Batch> => {
    const batch = await whole(step);
    return step < 3 ? batch : { inputs: batch.inputs.slice(0, 3), targets: batch.targets.slice(0, 3), shape: [1, 3] };
  };
  const on = options.model.output.weight.value.backend;
  const before = on.memory().tensors;
  const error: unknown = await all(train({ ...options, batches })).catch((error: unknown) => error);
  if (!isTenonError(error, "GradientError")) throw error;
  expect(error.message).toMatch(
    /^Training stopped at step 2: the loss is Infinity\. The first tensor that is not finite: mul outside of all modules gave \[\], of which 1 of 1 number is not finite \(1 infinite\)\. Its inputs are finite, the largest of size 1\.\d+: it overflowed, or is not defined there/,
  );
  expect((error.fields["diagnosis"] as Diagnosis).inputs!.largest).toBe((await inStep!)[0]);
  expect(on.memory().tensors).toBe(before + 6); // the means of three parameters

  const model = await new Tiny().to(cpu());
  model.output.weight.assign(new Float32Array(128).fill(NaN));
  await expect(all(train(await set({ model })))).rejects.toThrow(
    "Training stopped at step 1: the loss is NaN. The parameter output.weight [8, 16] was not finite before the step: 128 of 128 numbers are not finite (128 NaN). No step",
  );
});

test("what fails when it is computed again does not hide the error of the step", async () => {
  let calls = 0;
  const objective: Objective<Tiny> = (model, batch, on) => {
    if (++calls > 1) throw new ConfigError("once is enough");
    return mul(causalLoss(model, batch, on), NaN);
  };
  await expect(all(train(await set({ objective })))).rejects.toThrow(
    "Training stopped at step 1: the loss is NaN. It could not be computed again: once is enough. No step",
  );
});
