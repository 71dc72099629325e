import { Embedding, valueAndGrad } from "@tenon/nn";
import { add, cpu, random, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { Batch } from "../data/batch.ts";
import { distillationLoss } from "./distillation-loss.ts";
import type { SequenceModel } from "./sequence-model.ts";

test("what a teacher rules out counts for nothing, whether its student does so or not", async () => {
  const on = cpu();
  const batch: Batch = { inputs: Int32Array.of(0, 2), targets: Int32Array.of(1, -100), shape: [1, 2] };
  const teacher: SequenceModel = {
    vocabulary: 3,
    forward: () => tensor([1, 0, -Infinity, 1, 0, -Infinity], [1, 2, 3], on),
  };
  const table = await new Embedding({ count: 3, width: 3, random: random(5) }).to(on);
  const free: SequenceModel = { vocabulary: 3, forward: (ids: Tensor) => table.forward(ids) };
  const strict: SequenceModel = {
    vocabulary: 3,
    forward: (ids: Tensor) => add(table.forward(ids), tensor([0, 0, -Infinity], [3], on)),
  };
  const objective = distillationLoss({ teacher, share: 1 });
  for (const student of [free, strict]) {
    const { value, gradients } = valueAndGrad(table, () => objective(student, batch, on));
    expect((await value.read())[0]).toBeGreaterThan(0);
    const gradient = await gradients.get(table.table)!.read();
    expect(gradient.every(Number.isFinite) && gradient.some((each) => each !== 0)).toBe(true);
  }
});
