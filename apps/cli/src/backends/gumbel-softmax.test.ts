// The Gumbel-softmax is an op of the package sampling, which no backend knows: each computes it from smaller ops, alike.
import { gpujs } from "@tenon/backend-gpujs";
import { wasm } from "@tenon/backend-wasm";
import { exponentialAnnealing, gumbelSoftmax } from "@tenon/sampling";
import { type Backend, cpu, differentiate, mul, random, sum, tensor, Variable } from "@tenon/tensor";
import { expectNumbers } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

const { key } = random(91);
const shape = [3, 4, 5];
const logits = Array.from({ length: 60 }, (_, i) => 2 * Math.sin(i * i));
const weights = logits.map(Math.cos);

/** The draw, its gradient under random weights, and the gradient of that. */
async function run(on: Backend, hard: boolean, axis: number, step: number): Promise<readonly ArrayLike<number>[]> {
  const temperature = exponentialAnnealing({ rate: 0.1 })(step);
  const z = Variable.holding(tensor(logits, shape, on));
  const w = tensor(weights, shape, on);
  using y = gumbelSoftmax(z.value, { temperature, key, counter: step, axis, hard });
  const inner = () =>
    differentiate([z], () => sum(mul(gumbelSoftmax(z.value, { temperature, key, counter: step, axis, hard }), w)));
  const first = inner();
  const second = differentiate([z], () => sum(mul(inner().gradients[0]!, w)));
  return Promise.all([y.read(), first.gradients[0]!.read(), second.gradients[0]!.read()]);
}

const closable = (on: Backend & { close(): void }) => ({ on: on as Backend, close: () => on.close() });
const others = {
  "cpu without fused kernels": () => Promise.resolve({ on: cpu({ fused: false }), close: () => {} }),
  wasm: async () => closable(await wasm({ threads: 1 })),
  "gpujs (cpu)": async () => closable(await gpujs({ mode: "cpu" })),
};

test.each(Object.entries(others))("%s draws, and differentiates once and twice, as cpu does", async (_, start) => {
  const { on, close } = await start();
  for (const hard of [false, true]) {
    for (const [axis, step] of [
      [-1, 0],
      [1, 3],
    ] as const) {
      const [draw, ...gradients] = await run(on, hard, axis, step);
      const [expectedDraw, ...expected] = await run(cpu(), hard, axis, step);
      expectNumbers(draw!, expectedDraw!, hard ? 0 : 1e-5, "the draw", 1);
      for (const [i, gradient] of gradients.entries()) {
        expect(Array.from(expected[i]!).some((x) => Math.abs(x) > 0.01)).toBe(true);
        expectNumbers(gradient, expected[i]!, 1e-4, `derivative ${i + 1}`, 1);
      }
    }
  }
  close();
});

test("annealing compiles nothing new", async () => {
  const on = await gpujs({ mode: "cpu" });
  await run(on, true, -1, 0);
  const { compiled } = on;
  await run(on, true, -1, 1);
  await run(on, true, -1, 2);
  expect(on.compiled).toBe(compiled);
  expect(compiled).toBeGreaterThan(0);
  on.close();
});
