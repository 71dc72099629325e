import { Embedding } from "@tenon/nn";
import { cpu, random, type Tensor, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { Batch } from "../data/batch.ts";
import { causalLoss } from "./causal-loss.ts";
import type { LanguageModel } from "./language-model.ts";
import { maskedLoss } from "./masked-loss.ts";

const on = cpu({ precision: "f64" });
const table = [
  [0.5, -1, 2],
  [1, 0, -0.5],
  [0, 3, 1],
];
/** Logits are a row of the table; remembers the options that it got. */
async function bigrams(): Promise<LanguageModel & { seen: unknown }> {
  const rows = new Embedding({
    count: 3,
    width: 3,
    random: random(1),
    initial: () => () => Float32Array.from(table.flat()),
  });
  const model = {
    vocabulary: 3,
    seen: undefined as unknown,
    forward(ids: Tensor, options?: { readonly lengths?: Tensor }): Tensor {
      model.seen = options;
      return rows.forward(ids);
    },
  };
  await rows.to(on);
  return model;
}
const minusLogP = (input: number, target: number): number =>
  Math.log(table[input]!.reduce((sum, x) => sum + Math.exp(x), 0)) - table[input]![target]!;

const batch: Batch = {
  inputs: Int32Array.of(0, 1, 2, 2, 1, 0),
  targets: Int32Array.of(1, -100, 0, -100, 2, -100),
  shape: [2, 3],
};

test.each([causalLoss, maskedLoss])("is the mean of −log p over the positions with a target", async (loss) => {
  const value = loss(await bigrams(), batch, on);
  expect(value.shape).toEqual([]);
  const expected = (minusLogP(0, 1) + minusLogP(2, 0) + minusLogP(1, 2)) / 3;
  expect((await value.read())[0]).toBeCloseTo(expected, 14);
});

test("lengths reach the model, and no lengths are no lengths", async () => {
  const model = await bigrams();
  maskedLoss(model, batch, on);
  expect(model.seen).toEqual({});
  let lengths: unknown;
  const spy: LanguageModel = {
    vocabulary: 3,
    forward: (ids, options) => {
      lengths = options?.lengths?.read();
      return model.forward(ids);
    },
  };
  maskedLoss(spy, { ...batch, lengths: Int32Array.of(3, 2) }, on);
  expect(await lengths).toEqual(Int32Array.of(3, 2));
});

test("frees everything but the loss", async () => {
  const model = await bigrams();
  const before = on.memory().tensors;
  using loss = causalLoss(model, batch, on);
  expect(on.memory().tensors).toBe(before + 1);
  expect(loss.alive).toBe(true);
});

test("ids out of range and logits of another shape are refused", async () => {
  const model = await bigrams();
  expect(() => causalLoss(model, { ...batch, inputs: Int32Array.of(0, 1, 2, 3, 0, 0) }, on)).toThrow(
    "token id 3 at place 3 is out of range",
  );
  expect(() => causalLoss(model, { ...batch, targets: Int32Array.of(0, 1, 2, 0, 9, 0) }, on)).toThrow(
    "target id 9 at place 4 is out of range",
  );
  expect(() => causalLoss(model, { ...batch, lengths: Int32Array.of(3, 4) }, on)).toThrow("length 4 at place 1");
  const flat: LanguageModel = { vocabulary: 3, forward: () => tensor(new Float64Array(18), [6, 3], on) };
  expect(() => causalLoss(flat, batch, on)).toThrow(
    "the model gave [6, 3] for ids [2, 3]; expected logits [b, t, v] = [2, 3, 3]",
  );
});
