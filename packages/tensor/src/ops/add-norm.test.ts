import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { ones, tensor, zeros } from "../create.ts";
import { autodiff } from "../decorators/autodiff.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import type { TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectNumbers, place } from "../testing/op-case.ts";
import { floats } from "../testing/plain.ts";
import { Variable } from "../variable.ts";
import { addLayerNorm, addLayerNormOp, addRmsNorm } from "./add-norm.ts";
import { add, mul } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { layerNorm, rmsNorm } from "./norm.ts";
import { sum } from "./reduce.ts";

const on = cpu();
const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], on);
const one = ones([3], on);

test("what does not fit is refused", () => {
  expect(() => addLayerNorm(x, tensor([1, 2, 3], [3], on), one, undefined)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: addLayerNorm: the residual must be [2, 3], the shape of x, got [3]; expand() it, or add() and normalise the sum]`,
  );
  expect(() => addRmsNorm(tensor([1, 2, 3], [1, 3], on), x, one)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: addRmsNorm: the residual must be [1, 3], the shape of x, got [2, 3]; expand() it, or add() and normalise the sum]`,
  );
  expect(() => addRmsNorm(x, cast(x, "f16"), one)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: addRmsNorm: the residual must be f32, got f16; cast() it]`,
  );
  expect(() => addLayerNorm(x, x, one, tensor([1, 2], [2], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: addLayerNorm: weight and bias must be [3], the last axis of x [2, 3]; got [2]]`,
  );
  expect(() => addLayerNorm(x, x, one, undefined, -1)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: addLayerNorm: epsilon must be a number from 0 up, got -1]`,
  );
  // @ts-expect-error untyped code forgets the residual
  expect(() => addRmsNorm(x, undefined, one)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: addRmsNorm: the residual is undefined, and must be a tensor]`,
  );
});

const dice = random(3);
const plains = [floats([2, 3, 4], dice), floats([2, 3, 4], dice), floats([4], dice), floats([4], dice)];
type Four = readonly [Tensor, Tensor, Tensor, Tensor];
const pairs: [name: string, together: (of: Four) => Tensor, apart: (of: Four) => Tensor][] = [
  ["addLayerNorm", ([a, b, w, c]) => addLayerNorm(a, b, w, c), ([a, b, w, c]) => layerNorm(add(a, b), w, c)],
  ["addRmsNorm", ([a, b, w]) => addRmsNorm(a, b, w), ([a, b, w]) => rmsNorm(add(a, b), w)],
];

test.each(pairs)("%s is the norm of the sum, forward and backward", async (_, together, apart) => {
  const double = cpu({ precision: "f64" });
  const variables = plains.map((each) => Variable.holding(place(each, double)));
  const upstream = place(floats([2, 3, 4], dice), double);
  const [one, two] = [together, apart].map((f) => {
    const body = (): Tensor => f(variables.map(({ value }) => value) as unknown as Four);
    return { y: body(), ...differentiate(variables, () => sum(mul(body(), upstream))) };
  });
  expect(await one!.y.read()).toEqual(await two!.y.read());
  for (const [i, gradient] of one!.gradients.entries())
    expect(await gradient?.read()).toEqual(await two!.gradients[i]?.read());
});

test.each(pairs)("%s keeps the sum on the tape, and neither of its terms", (_, together) => {
  const tape = autodiff(on);
  const [a, b, w, c] = plains.map((each) => tape.watch(place(each, on))) as unknown as Four;
  const before = on.memory().bytes;
  const y = scoped(() => together([a, b, w, c]));
  y[Symbol.dispose]();
  expect(on.memory().bytes - before).toBe(4 * 2 * 3 * 4);
  tape.close();
});

test.each(["f16", "bf16"] as const)("in %s the sum is rounded only where a tape keeps it", async (dtype) => {
  const tiny = dtype === "f16" ? 2 ** -11 : 2 ** -8;
  const place = (numbers: number[]): Tensor => tensor(numbers, [1, 2], on, dtype);
  const [weight, bias] = [cast(ones([2], on), dtype), cast(zeros([2], on), dtype)];
  const y = addLayerNorm(place([1, 1]), place([-tiny / 2, tiny]), weight, bias, 0); // both sums would round to 1
  expect(y.dtype).toBe(dtype);
  expectNumbers(await cast(y, "f32").read(), [-1, 1], 1e-2);
  const tape = autodiff(on);
  const kept = addLayerNorm(tape.watch(place([1, 1])), place([-tiny / 2, tiny]), weight, bias, 1);
  expect(await cast(kept, "f32").read()).toEqual(new Float32Array(2)); // two equal sums
});

test("operations are counted: one for each element of the sum and of the norm", () => {
  const type = (...shape: number[]): TensorType => ({ dtype: "f32", shape });
  const inputs = [type(2, 3), type(2, 3), type(3), undefined] as const;
  expect(addLayerNormOp.flops!(inputs, type(2, 3), { epsilon: 0 })).toBe(12);
});
