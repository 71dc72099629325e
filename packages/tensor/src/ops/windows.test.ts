import { expect, test } from "vitest";

import type { Backend } from "../backend.ts";
import { cpu, cpuPrimitives } from "../cpu/cpu.ts";
import { cpuStorage, type Data } from "../cpu/storage.ts";
import { tensor, zeros } from "../create.ts";
import { kernelBackend } from "../kernel-backend.ts";
import type { Storage } from "../kernel.ts";
import { scoped } from "../scope.ts";
import { sizeOf, type Shape, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { conv2d, type ConvOptions } from "./conv.ts";
import { averagePool2d, maxPool2d } from "./pool.ts";
import { windowCount, windows, type HeightWidth } from "./windows.ts";

const on = cpu();

test("the cells of each window, along new axes", async () => {
  const line = tensor([0, 1, 2, 3, 4, 5, 6, 7], [1, 8], on);
  const seen = windows(line, 1, [{ size: 3, stride: 3, dilation: 2 }]);
  expect(seen.shape).toEqual([1, 3, 2]);
  expect(await seen.read()).toEqual(Float32Array.of(0, 3, 2, 5, 4, 7));
  const picture = tensor([0, 1, 2, 3, 4, 5, 6, 7, 8], [3, 3], on);
  const corners = windows(picture, 0, [
    { size: 2, stride: 1, dilation: 2 },
    { size: 1, stride: 2, dilation: 1 },
  ]);
  expect(corners.shape).toEqual([2, 1, 1, 2]);
  expect(await corners.read()).toEqual(Float32Array.of(0, 2, 6, 8));
});

test("as many windows as fit", () => {
  const count = (n: number, padding: number, size: number, stride: number, dilation: number): number =>
    windowCount("op", "t", n, padding, { size, stride, dilation });
  expect(count(5, 0, 5, 1, 1)).toBe(1);
  expect(count(5, 0, 2, 2, 1)).toBe(2);
  expect(count(6, 0, 2, 2, 1)).toBe(3);
  expect(count(5, 1, 3, 2, 3)).toBe(1);
  expect(count(0, 1, 2, 1, 1)).toBe(1);
  expect(() => count(5, 0, 3, 1, 3)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: op: along t a window of 3 cells spans 7, and x has 5; pad x, or take a smaller window]`,
  );
});

/** The cpu without fused kernels, and the most elements that were held at one time beyond what was there at `start`. */
function metered(): { on: Backend; start: () => void; most: () => number } {
  const storage = cpuStorage("f32");
  let [now, most, before] = [0, 0, 0];
  const took = (type: TensorType): void => {
    now += sizeOf(type.shape);
    most = Math.max(most, now);
  };
  const watched: Storage<Data> = {
    ...storage,
    allocate: (type) => (took(type), storage.allocate(type)),
    upload: (data, type) => (took(type), storage.upload(data, type)),
    free: (data, type) => {
      now -= sizeOf(type.shape);
      storage.free(data, type);
    },
  };
  return {
    on: kernelBackend({ name: "metered", storage: watched, kernels: cpuPrimitives }),
    start: () => ([before, most] = [now, now]),
    most: () => most - before,
  };
}

const { on: meter, start, most } = metered();
const picture = zeros([1, 8, 16, 16], meter);

test("a convolution frees each copy of its input or its result as soon as the next is made", () => {
  const peak = (x: Tensor, kernel: Shape, options: ConvOptions<HeightWidth>, bias?: Tensor): number => {
    const weight = zeros(kernel, meter);
    start();
    scoped(() => void conv2d(x, weight, bias, options));
    return most();
  };
  expect(peak(picture, [8, 8, 1, 1], {})).toBe(8 * 16 * 16); // the result alone: windows of one cell are x itself

  const padded = 8 * 18 * 18 + 8 * 18 * 16;
  const columns = 8 * 3 * 18 * 16; // of windows along w, before those along h
  const seen = 8 * 9 * 16 * 16;
  expect(peak(picture, [8, 8, 3, 3], { padding: "same" })).toBe(padded + columns + 2 * seen);
  expect(peak(picture, [200, 8, 3, 3], { padding: "same" })).toBe(seen + 200 * 16 * 16);

  // Every second cell: parts of the columns as large as these, and three taps before they are joined.
  expect(peak(picture, [8, 8, 3, 3], { stride: 2 })).toBe(2 * (8 * 3 * 16 * 7) + 2 * (8 * 9 * 7 * 7));

  const [pair, bias] = [zeros([2, 1, 16, 16], meter), zeros([200], meter)];
  expect(peak(pair, [200, 1, 3, 3], { padding: "same" }, bias)).toBe(2 * (200 * 2 * 16 * 16));
});

test("pooling whole windows moves each cell once for each axis", () => {
  for (const pool of [maxPool2d, averagePool2d]) {
    start();
    scoped(() => void pool(picture, 2));
    expect(most()).toBe(2 * 8 * 16 * 16);
  }
});
