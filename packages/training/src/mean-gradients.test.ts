import { Embedding, valueAndGrad, type ValueAndGrad } from "@tenon/nn";
import { cpu, random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { type Batch, ignored } from "./data/batch.ts";
import { meanGradients } from "./mean-gradients.ts";
import { causalLoss } from "./objectives/causal-loss.ts";

class Bigrams extends Embedding {
  readonly vocabulary = 5;
}

const on = cpu();
const model = await new Bigrams({ count: 5, width: 5, random: random(1) }).to(on);
const of = (batch: Batch): ValueAndGrad => valueAndGrad(model, () => causalLoss(model, batch, on));
const rows = (inputs: number[], targets: number[]): Batch => ({
  inputs: Int32Array.from(inputs),
  targets: Int32Array.from(targets),
  shape: [inputs.length / 2, 2],
});

test("batches of different sizes have the mean of one that holds them all", async () => {
  const parts = [rows([0, 1, 2, 3], [1, 2, 3, ignored]), rows([4, 4], [0, 3]), rows([1, 1], [ignored, ignored])];
  const whole = rows([0, 1, 2, 3, 4, 4, 1, 1], [1, 2, 3, ignored, 0, 3, ignored, ignored]);
  const mean = meanGradients(parts, of, 0);
  const expected = of(whole);
  expect((await mean.value.read())[0]).toBeCloseTo((await expected.value.read())[0]!, 6);
  const gradient = await mean.gradients.get(model.table)!.read();
  (await expected.gradients.get(model.table)!.read()).forEach((value, i) => expect(gradient[i]).toBeCloseTo(value, 6));
});

test("one batch is passed on as it is, and none that asks for anything is refused", () => {
  const one = of(rows([0, 1], [1, 2]));
  expect(meanGradients([{}], () => one, 0)).toBe(one);
  const nothing = rows([0, 1], [ignored, ignored]);
  expect(() => meanGradients([nothing, nothing], of, 6)).toThrow(
    "train: none of the 2 batches of step 7 has anything to predict",
  );
});
