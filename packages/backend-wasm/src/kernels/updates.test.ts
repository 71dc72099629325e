import { composites, cpu, random, tensor, Variable, type Attrs, type Backend, type Update } from "@tenon/tensor";
import { compositeCases, describeCase, expectClose, expectNumbers, runCase } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { eachEngine } from "../../test/each-engine.ts";
import { updateKernels, updateTable } from "./updates.ts";

/** An update op, how many arrays it changes, and a call of it that depends on the step. */
// oxlint-disable-next-line typescript/no-explicit-any -- ops of all kinds of inputs, as in `Op`
type Row = readonly [op: Update<any, any, any>, held: number, attrs: (step: number) => Attrs];
const [rate, decay, beta1, beta2] = [0.01, 0.1, 0.9, 0.99];
const rows: readonly Row[] = [
  [composites.adamw, 3, (step) => ({ rate, beta1, beta2, epsilon: 1e-8, decay, step })],
  [composites.sgd, 1, () => ({ rate, decay })],
  [composites.sgdMomentum, 2, () => ({ rate, decay, momentum: 0.9, nesterov: false })],
  [composites.sgdMomentum, 2, () => ({ rate, decay, momentum: 0.9, nesterov: true })],
  [composites.lion, 2, () => ({ rate, beta1, beta2, decay })],
  [composites.movingAverage, 1, (step) => ({ decay: 1 - 1 / step })],
];
const reference = cpu({ precision: "f64" });

/** Arrays of n elements, all positive but the first, which variables hold, and one more, which is read. */
function state(n: number, held: number, on: Backend): { variables: Variable[]; values: Float32Array } {
  const dice = random(n);
  const draw = (positive = false): Float32Array =>
    Float32Array.from({ length: n }, () => (positive ? dice.uniform() : dice.normal()));
  const variables = Array.from({ length: held }, (_, i) => Variable.holding(tensor(draw(i > 0), [n], on)));
  return { variables, values: draw() };
}

eachEngine(updateKernels, updateTable, [], (tested) => {
  const { adamw, sgd, sgdMomentum, lion, movingAverage } = composites;
  const cases = [adamw, sgd, sgdMomentum, lion, movingAverage].flatMap((op) =>
    compositeCases[op.name as keyof typeof composites].map((each) => [describeCase(op.name, each), op, each] as const),
  );
  test.each(cases)("%s", async (_, op, each) => {
    const results = runCase(op, each, tested.on);
    for (const [i, result] of results.entries()) await expectClose(result, each.expected[i]!, 2e-6);
  });

  test("parameters of any size, over several steps, divided among threads", async () => {
    for (const [op, held, attrs] of rows) {
      for (const n of [0, 1, 5, 16, 17, 40_001]) {
        const runs = [tested.on, reference].map((on) => {
          const { variables, values } = state(n, held, on);
          for (const step of [1, 2]) Variable.update(op, variables, [tensor(values, [n], on)], attrs(step));
          return variables;
        });
        const [mine, right] = runs as [Variable[], Variable[]];
        for (const [i, variable] of mine.entries())
          expectNumbers(
            await variable.value.read(),
            await right[i]!.value.read(),
            2e-6,
            `output ${i} of ${op.name} of ${n}`,
          );
      }
    }
  });

  test("it writes in place where it may, and leaves what others hold as it was", async () => {
    const { on } = tested;
    for (const [op, held, attrs] of rows) {
      const { variables, values } = state(20, held, on);
      const g = tensor(values, [20], on);
      const { bytes } = on.memory();
      const storage = variables.map((variable) => variable.value.handle);
      Variable.update(op, variables, [g], attrs(3));
      variables.forEach((variable, i) => expect(variable.value.handle).toBe(storage[i]));
      const kept = on.share(variables[0]!.value, variables[0]!.value.type);
      const before = await kept.read();
      Variable.update(op, variables, [g], attrs(4));
      expect(on.memory().bytes).toBe(bytes + 80);
      expect(await kept.read()).toEqual(before);
      expect(await variables[0]!.value.read()).not.toEqual(before);
    }
  });
});
