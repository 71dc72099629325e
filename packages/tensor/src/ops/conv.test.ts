import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor, zeros } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { random } from "../random.ts";
import { Scope } from "../scope.ts";
import { convCases, plainConvolution } from "../testing/conv-cases.ts";
import { describeCase, expectClose, expectNumbers, place, runCase } from "../testing/op-case.ts";
import { floats, type Plain } from "../testing/plain.ts";
import { Variable } from "../variable.ts";
import { mul } from "./arithmetic.ts";
import { conv1d, conv2d, conv2dOp, type ConvOptions } from "./conv.ts";
import { sum } from "./reduce.ts";

const on = cpu();
const dice = random(3);
const x = zeros([2, 4, 5, 6], on);
const weight = zeros([6, 4, 3, 3], on);

test("a picture, worked out by hand", async () => {
  const picture = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3], on);
  const corner = tensor([1, 0, 0, 10], [1, 1, 2, 2], on); // its top left cell + 10 times its bottom right one
  const bias = tensor([0.5], [1], on);
  expect(await conv2d(picture, corner).read()).toEqual(Float32Array.of(51, 62, 84, 95));
  expect(await conv2d(picture, corner, bias, { padding: 1, stride: 3 }).read()).toEqual(
    Float32Array.of(10.5, 0.5, 0.5, 9.5),
  );
});

test("a number stands for both axes, and what is left out for 1, 0, 1 and 1", async () => {
  const [picture, kernel] = [floats([2, 4, 7, 6], dice), floats([2, 2, 3, 2], dice)];
  const run = (options?: ConvOptions<readonly [number, number]>) =>
    conv2d(place(picture, on), place(kernel, on), undefined, { groups: 2, ...options });
  const plainly = (stride: number, padding: number, dilation: number): Plain =>
    plainConvolution(picture, kernel, undefined, {
      stride: [stride, stride],
      padding: [padding, padding],
      dilation: [dilation, dilation],
      groups: 2,
    });
  await expectClose(run(), plainly(1, 0, 1), 1e-5);
  await expectClose(run({ stride: 2, padding: 1, dilation: 3 }), plainly(2, 1, 3), 1e-5);
});

test('"same" keeps the size', async () => {
  const [picture, kernel] = [floats([1, 2, 4, 5], dice), floats([3, 2, 3, 2], dice)];
  const y = conv2d(place(picture, on), place(kernel, on), undefined, { padding: "same", dilation: [1, 2] });
  const expected = plainConvolution(picture, kernel, undefined, {
    stride: [1, 1],
    padding: [1, 1],
    dilation: [1, 2],
    groups: 1,
  });
  expect(y.shape).toEqual([1, 3, 4, 5]);
  await expectClose(y, expected, 1e-5);
});

test("conv1d is conv2d over pictures one cell high", async () => {
  for (const [from, kernel, options] of [
    [[2, 3, 9], [4, 3, 3], {}],
    [[2, 4, 9], [6, 2, 4], { stride: 2, padding: [3], dilation: 2, groups: 2 }],
    [[1, 2, 5], [2, 1, 3], { padding: "same", groups: 2 }],
    [[0, 2, 5], [3, 2, 2], {}],
  ] as const) {
    const [signal, weights, bias] = [floats(from, dice), floats(kernel, dice), floats([kernel[0]], dice)];
    const high = ({ shape: [b, c, t], ...rest }: Plain): Plain => ({ ...rest, shape: [b!, c!, 1, t!] });
    const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options as ConvOptions<readonly [number]>;
    const expected = plainConvolution(high(signal), high(weights), bias, {
      stride: [1, stride as number],
      padding: [0, padding === "same" ? 1 : typeof padding === "number" ? padding : padding[0]],
      dilation: [1, dilation as number],
      groups,
    });
    const [b, out, , steps] = expected.shape as [number, number, number, number];
    const y = conv1d(place(signal, on), place(weights, on), place(bias, on), options);
    await expectClose(y, { ...expected, shape: [b, out, steps] }, 1e-5, JSON.stringify(options));
  }
});

test("16-bit floats are computed in f32 and rounded", async () => {
  for (const dtype of ["f16", "bf16"] as const) {
    const small = (each: Plain): Plain => ({ ...each, dtype });
    for (const each of convCases) {
      const inputs = each.inputs.map((input) => (typeof input === "object" ? small(input) : input));
      using scope = new Scope();
      const [y] = scope.run(() => runCase(conv2dOp, { ...each, inputs }, on));
      await expectClose(y!, small(each.expected[0]!), 1e-2, describeCase("conv2d", each));
    }
  }
});

test("a NaN reaches the windows that see it, and no other", async () => {
  const signal = tensor([1, NaN, 3, 4, 5], [1, 1, 5], on);
  expect(await conv1d(signal, tensor([1, 1], [1, 1, 2], on)).read()).toEqual(Float32Array.of(NaN, NaN, 7, 9));
});

test("the gradient of conv1d", async () => {
  const precise = cpu({ precision: "f64" });
  const signal = Variable.holding(tensor([1, 2, 3], [1, 1, 3], precise));
  const taps = Variable.holding(tensor([4, 5], [1, 1, 2], precise));
  const bias = Variable.holding(tensor([6], [1], precise));
  const { value, gradients } = differentiate([signal, taps, bias], () =>
    sum(mul(conv1d(signal.value, taps.value, bias.value), tensor([1, 10], [1, 1, 2], precise))),
  );
  expect(await value.read()).toEqual(Float64Array.of(1 * 20 + 10 * 29));
  expect(await gradients[0]!.read()).toEqual(Float64Array.of(4, 45, 50));
  expect(await gradients[1]!.read()).toEqual(Float64Array.of(21, 32));
  expect(await gradients[2]!.read()).toEqual(Float64Array.of(11));
});

test("what it makes on the way is freed, and it never returns its argument", async () => {
  const fresh = cpu();
  const [picture, kernel] = [place(floats([2, 3, 7, 6], dice), fresh), place(floats([4, 3, 3, 2], dice), fresh)];
  const unit = place(floats([1, 1, 1], dice), fresh);
  const signal = place(floats([1, 1, 4], dice), fresh);
  const held = fresh.memory().tensors;
  const results = [
    conv2d(picture, kernel, undefined, { stride: 2, padding: 1 }),
    conv1d(signal, unit),
    conv1d(signal, unit, undefined, { stride: 3 }),
  ];
  expect(fresh.memory().tensors).toBe(held + results.length);
  for (const result of results) result[Symbol.dispose]();
  expectNumbers(await signal.read(), await signal.read(), 0); // still there
  expect(fresh.memory().tensors).toBe(held);
});

test("it counts a multiplication and an addition for each weight, and the bias", () => {
  const types = [x.type, weight.type, { dtype: "f32", shape: [6] }] as const;
  const attrs = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 } as const;
  const y = conv2dOp.infer(types, attrs);
  expect(y.shape).toEqual([2, 6, 3, 4]);
  expect(conv2dOp.flops!(types, y, attrs)).toBe(2 * 6 * 3 * 4 * (2 * 4 * 3 * 3 + 1));
  expect(conv2dOp.flops!([x.type, weight.type, undefined], y, attrs)).toBe(2 * 6 * 3 * 4 * 2 * 4 * 3 * 3);
});

test("what does not fit is refused", () => {
  const f = (shape: readonly number[]) => zeros(shape, on);
  expect(() => conv2d(f([4, 5, 6]), weight)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: conv2d: x [4, 5, 6] with weight [6, 4, 3, 3]: x must be [b, c, h, w] and the weight [out, c / groups, kh, kw]]`,
  );
  expect(() => conv2d(x, f([6, 4, 3]), undefined, { padding: "same" })).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: conv2d: x [2, 4, 5, 6] with weight [6, 4, 3]: x must be [b, c, h, w] and the weight [out, c / groups, kh, kw]]`,
  );
  expect(() => conv2d(x, f([6, 3, 3, 3]))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: conv2d: x [2, 4, 5, 6] with weight [6, 3, 3, 3]: with 4 channels and groups = 1, the weight must be [6, 4, …]]`,
  );
  expect(() => conv2d(x, f([6, 4, 3, 3]), undefined, { groups: 2 })).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: conv2d: x [2, 4, 5, 6] with weight [6, 4, 3, 3]: with 4 channels and groups = 2, the weight must be [6, 2, …]]`,
  );
  expect(() => conv2d(x, f([6, 1, 3, 3]), undefined, { groups: 4 })).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: conv2d: x [2, 4, 5, 6] with weight [6, 1, 3, 3]: 4 groups cannot share 4 channels and 6 outputs evenly]`,
  );
  expect(() => conv2d(x, f([6, 4, 3, 0]))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: conv2d: x [2, 4, 5, 6] with weight [6, 4, 3, 0]: the kernel has no cells]`,
  );
  expect(() => conv2d(x, weight, f([4]))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: conv2d: the bias must be [6], got [4]]`,
  );
  expect(() => conv2d(x, f([6, 4, 6, 3]))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: conv2d: along h a window of 6 cells spans 6, and x has 5; pad x, or take a smaller window]`,
  );
  expect(() => conv2d(x, weight, undefined, { dilation: [1, 4], padding: [0, 1] })).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: conv2d: along w a window of 3 cells spans 9, and x has 6 and 1 of padding at both ends; pad x, or take a smaller window]`,
  );
  expect(() => conv2d(x, tensor([1], [1, 1, 1, 1], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: conv2d: the weight must be f32, got i32; cast() it]`,
  );
  expect(() => conv2d(tensor([1], [1, 1, 1, 1], on, "i32"), weight)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: conv2d: x must be f32, f16 or bf16, got i32; cast() it]`,
  );
  expect(() => conv2d(x, weight, tensor([1], [1], on, "f16"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: conv2d: the bias must be f32, got f16; cast() it]`,
  );
});

test("what conv1d cannot take is refused in its own words", () => {
  const f = (shape: readonly number[]) => zeros(shape, on);
  expect(() => conv1d(x, weight)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: conv1d: x [2, 4, 5, 6] with weight [6, 4, 3, 3]: x must be [b, c, t] and the weight [out, c / groups, k]]`,
  );
  expect(() => conv1d(f([1, 2, 4]), f([2, 2, 5]))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: conv1d: along t a window of 5 cells spans 5, and x has 4; pad x, or take a smaller window]`,
  );
  expect(() => conv1d(f([1, 2, 4]), f([2, 2, 2]), undefined, { stride: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: conv1d: stride must be a whole number from 1 up, got 0]`,
  );
  expect(() => conv1d(f([1, 2, 4]), f([2, 2, 2]), undefined, { padding: "same" })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: conv1d: padding "same" needs stride 1 and the same number of zeros at both ends, got stride [1] and a weight [2, 2, 2] with dilation [1]; give the padding as a number, or pad() x]`,
  );
});

test("an option that cannot be honoured is refused", () => {
  expect(() => conv2d(x, weight, undefined, { stride: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: conv2d: stride must be a whole number, or 2 of them, from 1 up, got [0, 0]]`,
  );
  expect(() => conv2d(x, weight, undefined, { stride: [1, 1.5] })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: conv2d: stride must be a whole number, or 2 of them, from 1 up, got [1, 1.5]]`,
  );
  expect(() => conv2d(x, weight, undefined, { dilation: [1] as never })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: conv2d: dilation must be a whole number, or 2 of them, from 1 up, got [1]]`,
  );
  expect(() => conv2d(x, weight, undefined, { padding: -1 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: conv2d: padding must be a whole number, or 2 of them, from 0 up, got [-1, -1]]`,
  );
  expect(() => conv2d(x, weight, undefined, { groups: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: conv2d: groups must be a whole number from 1 up, got 0]`,
  );
  expect(() => conv2d(x, weight, undefined, { padding: "same", stride: 2 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: conv2d: padding "same" needs stride 1 and the same number of zeros at both ends, got stride [2, 2] and a weight [6, 4, 3, 3] with dilation [1, 1]; give the padding as a number, or pad() x]`,
  );
});
