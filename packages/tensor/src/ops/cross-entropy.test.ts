import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { ids, tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { Variable } from "../variable.ts";
import { crossEntropy } from "./cross-entropy.ts";

const on = cpu();

test("equal logits cost log v; a sure and right prediction costs nothing, a sure and wrong one its distance", async () => {
  expect(
    (await crossEntropy(tensor(new Float32Array(8), [2, 4], on), tensor([1, 3], [2], on, "i32")).read())[0],
  ).toBeCloseTo(Math.log(4), 6);
  const sure = tensor([1000, 0], [1, 2], on);
  expect((await crossEntropy(sure, tensor([0], [1], on, "i32")).read())[0]).toBeCloseTo(0, 12);
  expect(await crossEntropy(sure, tensor([1], [1], on, "i32")).read()).toEqual(Float32Array.of(1000));
});

test("ignored rows count for nothing, neither in the mean nor in the gradient", async () => {
  const logits = Variable.holding(tensor([1, 2, 3, 4, 5, 6], [3, 2], on));
  const targets = ids([0, -100, 1], [3], on, { limit: 2, ignore: -100 });
  const { value, gradients } = differentiate([logits], () => crossEntropy(logits.value, targets));
  const kept = crossEntropy(tensor([1, 2, 5, 6], [2, 2], on), tensor([0, 1], [2], on, "i32"));
  expect((await value.read())[0]).toBeCloseTo((await kept.read())[0]!, 6);
  expect((await gradients[0]!.read()).slice(2, 4)).toEqual(Float32Array.of(0, 0));
});

test("when all rows are ignored, the loss and its gradient are 0", async () => {
  const logits = Variable.holding(tensor([1, 2, 3, 4], [2, 2], on));
  const targets = tensor([7, 7], [2], on, "i32");
  const { value, gradients } = differentiate([logits], () => crossEntropy(logits.value, targets, { ignoreIndex: 7 }));
  expect((await value.read())[0]).toBeCloseTo(0, 12);
  expect((await gradients[0]!.read()).map(Math.abs)).toEqual(new Float32Array(4));
});

test("what does not fit is refused", () => {
  const logits = tensor([1, 2, 3, 4], [2, 2], on);
  expect(() => crossEntropy(logits, tensor([1], [1], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: crossEntropy: logits must be [n, v] and targets [n], got [2, 2] and [1]; reshape() them]`,
  );
  expect(() => crossEntropy(logits, tensor([1, 1], [2], on))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: crossEntropy: targets must be i32, got f32; cast() it]`,
  );
  expect(() =>
    crossEntropy(tensor([1, 2, 3, 4], [1, 2, 2], on), tensor([1, 1], [2], on, "i32")),
  ).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: crossEntropy: logits must be [n, v] and targets [n], got [1, 2, 2] and [2]; reshape() them]`,
  );
});
