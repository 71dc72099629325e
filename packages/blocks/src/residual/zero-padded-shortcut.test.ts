import { cpu, isTenonError, random, tensor } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { ZeroPaddedShortcut } from "./zero-padded-shortcut.ts";

const on = cpu();

test("it keeps every second cell of every second row, and adds channels of zeros", async () => {
  const x = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3], on);
  const y = new ZeroPaddedShortcut({ input: 1, output: 2, stride: 2 }).forward(x);
  expect(y.shape).toEqual([1, 2, 2, 2]);
  expect([...(await y.read())]).toEqual([1, 3, 7, 9, 0, 0, 0, 0]);
});

test("where nothing changes it is the identity", async () => {
  const x = place(floats([2, 3, 4, 5], random(1)), on);
  const y = new ZeroPaddedShortcut({ input: 3, output: 3 }).forward(x);
  expect(y.shape).toEqual(x.shape);
  expect(await y.read()).toEqual(await x.read());
});

test("what it cannot do is refused", () => {
  expect(() => new ZeroPaddedShortcut({ input: 3, output: 2 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: ZeroPaddedShortcut: zeros cannot make 2 channels of 3; take a projection, such as a Conv2d with a kernel of 1]`,
  );
  expect(() => new ZeroPaddedShortcut({ input: 3, output: 4, stride: 0 })).toThrow(
    "ZeroPaddedShortcut: stride must be a whole number from 1 up, got 0",
  );
  const part = new ZeroPaddedShortcut({ input: 3, output: 4 });
  for (const shape of [
    [2, 2, 4, 4],
    [3, 4, 4],
  ]) {
    try {
      part.forward(place(floats(shape, random(1)), on));
      expect.unreachable();
    } catch (error) {
      if (!isTenonError(error, "ShapeError")) throw error;
      expect(error.message).toBe(`ZeroPaddedShortcut: x must be [b, 3, h, w], got [${shape.join(", ")}]`);
    }
  }
});
