import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { quantize } from "../quantize.ts";
import { random } from "../random.ts";
import { promiseBackend } from "../testing/promise-backend.ts";
import { Variable } from "../variable.ts";
import { mul } from "./arithmetic.ts";
import { dequantize } from "./dequantize.ts";
import { sum } from "./reduce.ts";

const on = cpu();

test("the dtype of the scales is that of the weight, rounded once", async () => {
  for (const backend of [cpu(), promiseBackend(random(4))]) {
    const levels = tensor([127, -3, 7, 1], [1, 4], backend, "q8");
    for (const dtype of ["f16", "bf16"] as const) {
      const scales = tensor([0.1, 3], [1, 2], backend, dtype);
      const [first] = await scales.read();
      const right = tensor([127 * first!, -3 * first!, 21, 3], [4], on, dtype);
      const weight = dequantize(levels, scales);
      expect([weight.dtype, weight.shape]).toEqual([dtype, [1, 4]]);
      expect(await weight.read()).toEqual(await right.read());
    }
  }
});

test("every byte of q4 gives its two levels", async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const levels = on.upload(bytes, { dtype: "q4", shape: [1, 512] });
  const found = await dequantize(levels, tensor([1], [1, 1], on)).read();
  expect([...found]).toEqual([...bytes].flatMap((byte) => [(byte % 16) - 8, Math.floor(byte / 16) - 8]));
});

test("levels of q4 take half the bytes of those of q8", async () => {
  const values = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i));
  const fresh = cpu();
  const sizes = ([8, 4] as const).map((bits) => {
    const { levels } = quantize(values, [2, 64], { bits });
    const before = fresh.memory().bytes;
    fresh.upload(levels.data, levels.type);
    return fresh.memory().bytes - before;
  });
  expect(sizes).toEqual([128, 64]);
});

test("the gradient is for the scales alone, in their dtype", async () => {
  const levels = tensor([1, 2, 3, -4], [2, 2], on, "q4");
  for (const dtype of ["f32", "f16", "bf16"] as const) {
    const scales = Variable.holding(tensor([1, 1], [2, 1], on, dtype));
    const by = tensor([1, 2, 3, 4], [2, 2], on, dtype);
    const { gradients } = differentiate([scales], () => sum(mul(dequantize(levels, scales.value), by)));
    expect([gradients[0]!.dtype, await gradients[0]!.read()]).toEqual([dtype, Float32Array.of(5, -7)]);
  }
});

test("levels and scales that do not belong together are refused", () => {
  const q8 = (shape: number[]) => tensor(new Int8Array(shape.reduce((a, b) => a * b, 1)), shape, on, "q8");
  const f32 = (shape: number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape, on);
  expect(() => dequantize(f32([2, 4]), f32([2, 2]))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: dequantize: the levels must be q8 or q4, got f32; quantize() makes levels and scales of a weight]`,
  );
  expect(() => dequantize(q8([2, 4]), q8([2, 2]))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: dequantize: the scales must be f32, f16 or bf16, got q8; cast() it]`,
  );
  expect(() => dequantize(q8([2, 4]), f32([2, 3]))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: dequantize: levels [2, 4] with scales [2, 3]: levels are […, n], and scales […, n / group], one for each group]`,
  );
  expect(() => dequantize(q8([2, 4]), f32([3, 2]))).toThrow("levels [2, 4] with scales [3, 2]");
  expect(() => dequantize(q8([2, 4]), f32([2, 0]))).toThrow("levels [2, 4] with scales [2, 0]");
  expect(() => dequantize(q8([2, 4]), f32([2]))).toThrow("levels [2, 4] with scales [2]");
  expect(() => dequantize(q8([]), f32([]))).toThrow("levels [] with scales []");
});
