import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import type { Data } from "../cpu/storage.ts";
import { autodiff } from "../decorators/autodiff.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { kernelFor } from "../kernel.ts";
import { apply } from "../op.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import type { Shape, TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { attentionAttrs, drawAttention, placeAttention } from "../testing/attention-cases.ts";
import { place } from "../testing/op-case.ts";
import type { PlainAttention } from "../testing/plain-attention.ts";
import { floats, type Plain } from "../testing/plain.ts";
import { Variable } from "../variable.ts";
import { mul } from "./arithmetic.ts";
import { attention, attentionOp } from "./attention.ts";
import { attentionGradientOp } from "./attention-gradient.ts";
import { sum } from "./reduce.ts";

const dice = random(31);
const real = (shape: Shape): Plain => floats(shape, dice);

test.each([true, false])("the tape keeps q, k, v and the output, and no pattern (fused: %s)", (fused) => {
  const on = cpu({ fused });
  const tensors = drawAttention(real, [1, 2, 32, 2]);
  const tape = autodiff(on);
  const before = on.memory().bytes;
  const kept = scoped(() => {
    const [q, k, v] = placeAttention(tensors, on).map((x) => x && tape.watch(x)) as [Tensor, Tensor, Tensor];
    return attention([q, k, v, undefined, undefined], attentionAttrs(tensors, { mask: [{ kind: "causal" }] }));
  });
  expect(on.memory().bytes - before).toBe(4 * (1 * 2 * 32 * 2) * 4); // four tensors [1, 2, 32, 2] of f32; a pattern would be 8,192 bytes
  kept[Symbol.dispose]();
  tape.close();
});

test("one call gives every gradient", () => {
  let calls = 0;
  const counting = kernelFor<Data, typeof attentionGradientOp>(attentionGradientOp, (inputs, _, call) => {
    calls++;
    expect(inputs).toHaveLength(7);
    return call.outputs.map((type) => call.allocate(type));
  });
  const on = cpu({ extra: [counting] });
  const tensors: PlainAttention = { ...drawAttention(real, [1, 2, 3, 2]), bias: real([3, 3]), sinks: real([2]) };
  const variables = placeAttention(tensors, on).map((x) => Variable.holding(x!));
  const { gradients } = differentiate(variables, () =>
    sum(attention(variables.map(({ value }) => value) as never, attentionAttrs(tensors))),
  );
  expect(gradients.map((gradient) => gradient!.shape)).toEqual([[1, 2, 3, 2], [1, 2, 3, 2], [1, 2, 3, 2], [3, 3], [2]]);
  expect(calls).toBe(1);
});

test.each([true, false])(
  "a query that may see no key gives and gets zeros, with sinks too (fused: %s)",
  async (fused) => {
    const on = cpu({ precision: "f64", fused });
    const tensors: PlainAttention = {
      ...drawAttention(real, [2, 2, 3, 2]),
      bias: real([2, 1, 1, 3]),
      sinks: real([2]),
      masks: [{ dtype: "i32", shape: [2], data: [0, 2] }],
    };
    const attrs = attentionAttrs(tensors, { mask: [{ kind: "lengths", input: 0 }], softCap: 1 });
    const [q, k, v, bias, sinks, ...masks] = placeAttention(tensors, on);
    const variables = [q, k, v, bias!, sinks!].map((x) => Variable.holding(x));
    const [weight, output] = [place(real([2, 2, 3, 2]), on), attention([q, k, v, bias, sinks, ...masks], attrs)];
    expect((await output.read()).slice(0, 12)).toEqual(new Float64Array(12));
    const { gradients } = differentiate(variables, () => {
      const values = variables.map((variable) => variable.value) as [Tensor, Tensor, Tensor, Tensor, Tensor];
      return sum(mul(attention([...values, ...masks], attrs), weight));
    });
    for (const gradient of gradients.slice(0, 4)) {
      const data = await gradient!.read();
      expect(data.every(Number.isFinite)).toBe(true);
      expect(data.subarray(0, data.length / 2).every((x) => x === 0)).toBe(true); // the first of the batch, which sees nothing
      expect(data.some((x) => x !== 0)).toBe(true);
    }
    expect((await gradients[4]!.read()).every((x) => Number.isFinite(x) && x !== 0)).toBe(true);
  },
);

test("what attention would refuse is refused, and an output or upstream of another type", () => {
  const on = cpu();
  const tensors = drawAttention(real, [1, 2, 3, 2]);
  const [q, k, v] = placeAttention(tensors, on);
  const good = place(real([1, 2, 3, 2]), on);
  const call =
    (output: Tensor, upstream: Tensor, keyLength = 3) =>
    (): unknown =>
      apply(attentionGradientOp, [q, k, v, undefined, undefined, output, upstream], {
        ...attentionAttrs(tensors),
        keyLength,
      });
  expect(call(good, good)).not.toThrow();
  expect(call(good, place(real([1, 2, 3, 1]), on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: attentionGradient: upstream must be [1, 2, 3, 2], got [1, 2, 3, 1]]`,
  );
  expect(call(place({ ...real([1, 2, 3, 2]), dtype: "f16" }, on), good)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: attentionGradient: output must be f32, got f16; cast() it]`,
  );
  expect(call(good, good, 4)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: attentionGradient: q [1, 2, 3, 2], k [1, 2, 3, 2], v [1, 2, 3, 2]: keyLength must be a whole number from 0 to 3, got 4]`,
  );
});

test("operations are counted over all pairs, masked ones too", () => {
  const type = (...shape: number[]): TensorType => ({ dtype: "f32", shape });
  const [q, k, v] = [type(2, 4, 3, 8), type(2, 2, 16, 8), type(2, 2, 16, 6)];
  const attrs = { scale: 1, softCap: null, mask: [], queryOffset: 0, keyLength: 10 };
  const output = type(2, 4, 3, 6);
  const pairs = 2 * 4 * 3 * 10;
  const forward = attentionOp.flops!([q, k, v, undefined, undefined], output, attrs);
  expect(forward).toBe(pairs * (2 * 8 + 2 * 6 + 5)); // two products, and five passes of the softmax
  const inputs = [q, k, v, undefined, undefined, output, output] as const;
  const backward = attentionGradientOp.flops!(inputs, attentionGradientOp.infer(inputs, attrs), attrs);
  expect(backward).toBe(pairs * (3 * 2 * 8 + 2 * 2 * 6 + 8)); // five products, three along the keys and two along the values
});
