import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { Dropout, Embedding, Linear, Module, recompute } from "@tenon/nn";
import { type Backend, cpu, findLeaks, formatLeaks, random, tanh, type Tensor } from "@tenon/tensor";
import { promiseBackend } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { causalBatches } from "./data/causal-batches.ts";
import { causalLoss } from "./objectives/causal-loss.ts";
import { AdamW } from "./optimisers/adamw.ts";
import { constant } from "./schedules/constant.ts";
import { train } from "./train.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

class Tiny extends Module<[ids: Tensor], Tensor> {
  readonly vocabulary: number = 5;
  readonly embedding: Embedding = new Embedding({ count: 5, width: 4, random: random(1).fork("embedding") });
  readonly dropout: Dropout = new Dropout(0.2);
  readonly hidden: Linear = new Linear({ input: 4, output: 4, random: random(1).fork("hidden") });
  readonly output: Linear = new Linear({ input: 4, output: 5, random: random(1).fork("output") });
  protected override compute(ids: Tensor): Tensor {
    const x = this.embedding.forward(ids);
    return this.output.forward(recompute([x], (x) => this.dropout.forward(tanh(this.hidden.forward(x)))));
  }
}
const ids = Array.from({ length: 200 }, (_, i) => (i * i) % 5);

/** Trains with dropout, clipping, AdamW and a recomputed segment: the loop awaits in every step, and enters its scope again after. */
async function run(on: Backend, steps: number, after: (step: number) => void): Promise<void> {
  const model = await new Tiny().to(on);
  const optimiser = new AdamW(model);
  const batches = causalBatches({ ids, context: 4, batch: 2, random: random(2) });
  const schedule = constant(0.001);
  for await (const { step } of train({
    model,
    objective: causalLoss,
    batches,
    optimiser,
    schedule,
    steps,
    random: random(3),
    clip: 0.5,
  }))
    after(step);
  optimiser[Symbol.dispose]();
  model[Symbol.dispose]();
}

test("memory is flat over 10,000 steps on cpu, on the backend and on the heap", async () => {
  const on = cpu();
  const backend: unknown[] = [];
  const heap: number[] = [];
  await run(on, 10_000, (step) => {
    if (step % 2000 !== 0) return;
    backend.push(on.memory());
    collectGarbage();
    heap.push(process.memoryUsage().heapUsed);
  });
  expect(backend).toHaveLength(5);
  for (const memory of backend) expect(memory).toEqual(backend[0]);
  // The engine's own tables move now and then, by 100 kB or so; a tensor that was forgotten in each step would weigh more, and every time.
  const grown = heap.slice(1).map((bytes, i) => bytes - heap[i]!);
  expect(Math.min(...grown)).toBeLessThan(2000 * 32);
  expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
});

test("memory is flat over 100 steps with kernels that return promises", async () => {
  const on = promiseBackend(random(5));
  const backend: unknown[] = [];
  await run(on, 100, (step) => {
    if (step === 20 || step === 100) backend.push(on.memory());
  });
  expect(backend[1]).toEqual(backend[0]);
  expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
});

test("a training run leaks nothing", async () => {
  const { leaks } = await findLeaks(() => run(cpu(), 5, () => {}), { collectGarbage });
  expect(formatLeaks(leaks)).toBe("no leaks");
});
