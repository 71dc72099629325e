import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { reshape } from "./reshape.ts";

test("a reshape shares storage: it takes no bytes, and each holder keeps it alive", async () => {
  const on = cpu();
  const x = tensor([1, 2, 3, 4, 5, 6], [6], on);
  const y = reshape(x, [2, 3]);
  const z = reshape(y, [3, 1, 2]);
  expect(on.memory()).toEqual({ tensors: 1, bytes: 24 });
  x[Symbol.dispose]();
  y[Symbol.dispose]();
  y[Symbol.dispose]();
  expect(on.memory().tensors).toBe(1);
  expect(z.shape).toEqual([3, 1, 2]);
  expect(await z.read()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  z[Symbol.dispose]();
  expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
});

test("a scalar, an empty tensor and a bool one", async () => {
  const on = cpu();
  expect(reshape(tensor([7], [1, 1], on), []).shape).toEqual([]);
  expect(reshape(tensor([], [0, 3], on), [5, 0]).shape).toEqual([5, 0]);
  expect(await reshape(tensor([1, 0], [2], on, "bool"), [2, 1]).read()).toEqual(Uint8Array.of(1, 0));
});

test("another size is refused", () => {
  const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], cpu());
  expect(() => reshape(x, [4])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: reshape: [2, 3] has 6 elements, [4] has 4]`,
  );
  expect(() => reshape(x, [-2, -3])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: a shape has whole sizes from 0 up, got [-2, -3]]`,
  );
});
