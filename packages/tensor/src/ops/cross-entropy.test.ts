import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { ids, tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { random } from "../random.ts";
import { plainCrossEntropy } from "../testing/cross-entropy-cases.ts";
import { expectNumbers, place } from "../testing/op-case.ts";
import { floats } from "../testing/plain.ts";
import { Variable } from "../variable.ts";
import { cast } from "./cast.ts";
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

test("label smoothing: a share of the target belongs to every class, the right one too", async () => {
  const sure = tensor([20, 0], [1, 2], on);
  const right = tensor([0], [1], on, "i32");
  // −log p of the other class is 20, and it has half of the share.
  const [loss] = await crossEntropy(sure, right, { labelSmoothing: 0.5 }).read();
  expect(loss).toBeCloseTo(0.25 * 20, 5);
  const [all] = await crossEntropy(sure, right, { labelSmoothing: 1 }).read();
  const [other] = await crossEntropy(sure, tensor([1], [1], on, "i32"), { labelSmoothing: 1 }).read();
  expect(all).toBe(other); // which is right does not matter
});

test("with label smoothing, too, ignored rows count for nothing", async () => {
  const logits = Variable.holding(tensor([1, 2, 3, 4, 5, 7], [3, 2], on));
  const targets = ids([0, -100, 1], [3], on, { limit: 2, ignore: -100 });
  const { value, gradients } = differentiate([logits], () =>
    crossEntropy(logits.value, targets, { labelSmoothing: 0.25 }),
  );
  const kept = crossEntropy(tensor([1, 2, 5, 7], [2, 2], on), tensor([0, 1], [2], on, "i32"), { labelSmoothing: 0.25 });
  expect((await value.read())[0]).toBeCloseTo((await kept.read())[0]!, 6);
  expect((await gradients[0]!.read()).slice(2, 4).map(Math.abs)).toEqual(Float32Array.of(0, 0));
});

test("a class that is ruled out, at −∞, costs nothing while nobody wants it", async () => {
  const logits = tensor([0, 0, -Infinity], [1, 3], on);
  expect((await crossEntropy(logits, tensor([0], [1], on, "i32")).read())[0]).toBeCloseTo(Math.log(2), 6);
  expect(await crossEntropy(logits, tensor([0], [1], on, "i32"), { labelSmoothing: 0.1 }).read()).toEqual(
    Float32Array.of(Infinity),
  );
});

test.each(["f16", "bf16"] as const)(
  "logits in %s: the loss is f32, computed in f32, and the gradient %s",
  async (dtype) => {
    const plainLogits = floats([3, 4], random(5)); // which every float holds exactly
    const targets = { dtype: "i32", shape: [3], data: [1, -100, 3] } as const;
    const attrs = { ignoreIndex: -100, labelSmoothing: 0.125, zLoss: 0.25 };
    const logits = Variable.holding(cast(place(plainLogits, on), dtype));
    const wide = Variable.holding(place(plainLogits, on));
    const [small, exact] = [logits, wide].map((variable) =>
      differentiate([variable], () => crossEntropy(variable.value, place(targets, on), attrs)),
    );
    expect(small!.value.dtype).toBe("f32");
    expectNumbers(await small!.value.read(), [plainCrossEntropy(plainLogits, targets, attrs)], 1e-6);
    expect(small!.gradients[0]!.dtype).toBe(dtype);
    expect(await small!.gradients[0]!.read()).toEqual(await cast(exact!.gradients[0]!, dtype).read());
  },
);

test("z-loss: log² Z by its weight, of the rows that count", async () => {
  const logits = tensor([2, 2, 500, 600], [2, 2], on);
  const targets = tensor([0, -100], [2], on, "i32");
  const [plain] = await crossEntropy(logits, targets).read();
  const [loss] = await crossEntropy(logits, targets, { zLoss: 0.5 }).read();
  expect(loss! - plain!).toBeCloseTo(0.5 * (2 + Math.log(2)) ** 2, 5);
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
  for (const labelSmoothing of [-0.1, 1.5, NaN])
    expect(() => crossEntropy(logits, tensor([1, 1], [2], on, "i32"), { labelSmoothing })).toThrow(
      `crossEntropy: labelSmoothing must be a number from 0 to 1, the share of the target that all classes divide; got ${labelSmoothing}`,
    );
  for (const zLoss of [-1, Infinity, NaN])
    expect(() => crossEntropy(logits, tensor([1, 1], [2], on, "i32"), { zLoss })).toThrow(
      `crossEntropy: zLoss must be a finite number from 0 up, the weight of log² Z; got ${zLoss}`,
    );
  expect(() =>
    crossEntropy(tensor([1, 2], [1, 2], on, "i32"), tensor([1], [1], on, "i32")),
  ).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: crossEntropy: logits must be f32, f16 or bf16, got i32; cast() it]`,
  );
});
