import { composites, cpu, random, tensor, Variable, type Backend } from "@tenon/tensor";
import { compositeCases, describeCase, expectClose, expectNumbers, runCase } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { eachEngine } from "../../test/each-engine.ts";
import { adamwKernels, adamwTable } from "./adamw.ts";

const { adamw } = composites;
const attrs = { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, step: 3 };
const reference = cpu({ precision: "f64" });

/** A parameter of n elements with its moments, all held by variables, and its gradient. */
function state(n: number, on: Backend): { variables: [Variable, Variable, Variable]; values: Float32Array } {
  const dice = random(n);
  const draw = (positive = false): Float32Array =>
    Float32Array.from({ length: n }, () => (positive ? dice.uniform() : dice.normal()));
  const holding = (x: Float32Array): Variable => Variable.holding(tensor(x, [n], on));
  return { variables: [holding(draw()), holding(draw()), holding(draw(true))], values: draw() };
}

eachEngine(adamwKernels, adamwTable, [], (tested) => {
  test.each(compositeCases.adamw.map((each) => [describeCase("adamw", each), each] as const))("%s", async (_, each) => {
    const results = runCase(adamw, each, tested.on);
    for (const [i, result] of results.entries()) await expectClose(result, each.expected[i]!, 2e-6);
  });

  test("parameters of any size, over several steps, divided among threads", async () => {
    for (const n of [0, 1, 3, 4, 5, 15, 16, 17, 100, 1000, 50_001]) {
      const runs = [tested.on, reference].map((on) => {
        const { variables, values } = state(n, on);
        for (const step of [1, 2, 3]) Variable.update(adamw, variables, [tensor(values, [n], on)], { ...attrs, step });
        return variables;
      });
      const [mine, right] = runs as unknown as [Variable[], Variable[]];
      for (const [i, variable] of mine.entries())
        expectNumbers(await variable.value.read(), await right[i]!.value.read(), 2e-6, `output ${i} of ${n}`);
    }
  });

  test("it writes in place where it may, and leaves what others hold as it was", async () => {
    const { on } = tested;
    const { variables, values } = state(20, on);
    const g = tensor(values, [20], on);
    const { bytes } = on.memory();
    const storage = variables.map((variable) => variable.value.handle);
    Variable.update(adamw, variables, [g], attrs);
    variables.forEach((variable, i) => expect(variable.value.handle).toBe(storage[i]));
    const held = on.share(variables[0].value, variables[0].value.type);
    const before = await held.read();
    Variable.update(adamw, variables, [g], attrs);
    expect(on.memory().bytes).toBe(bytes + 80);
    expect(await held.read()).toEqual(before);
    expect(await variables[0].value.read()).not.toEqual(before);
  });
});
