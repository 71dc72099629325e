import { add, concat, cpu, mul, tensor, zeros, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { alongTime, type Stepped } from "./along-time.ts";

const on = cpu({ precision: "f64" });
const read = async (x: Tensor): Promise<number[]> => [...(await x.read())];
const x = tensor([1, 2, 3, 4, 5, 10, 20, 30, 40, 50], [2, 5, 1], on);
const y = tensor(
  Array.from({ length: 20 }, (_, i) => i),
  [2, 5, 2],
  on,
);

/** Shows what came beside the state before, and adds x to twice the state. */
const step = ([now, beside]: readonly Tensor[], before: Tensor): Stepped => ({
  output: concat([before, beside!], 1),
  state: add(mul(before, 2), now!),
});

test.each(["forwards", "backwards"] as const)(
  "%s: each step has the state after the one before, and its own inputs",
  async (direction) => {
    const { outputs, state } = alongTime([x, y], zeros([2, 1], on), step, direction);
    expect(outputs.shape).toEqual([2, 5, 3]);
    const expected = new Array<number>(30);
    const last = [0, 1].map((row) => {
      let before = 0;
      for (let i = 0; i < 5; i++) {
        const t = direction === "forwards" ? i : 4 - i;
        const at = row * 5 + t;
        expected.splice(at * 3, 3, before, 2 * at, 2 * at + 1);
        before = 2 * before + (t + 1) * (row === 0 ? 1 : 10);
      }
      return before;
    });
    expect(await read(outputs)).toEqual(expected);
    expect(await read(state)).toEqual(last);
  },
);

test("a state that stays what it is belongs to whoever gave it", async () => {
  const begin = tensor([1, 2], [2, 1], on);
  const before = on.memory().tensors;
  const { outputs, state } = alongTime([x], begin, ([now], state) => ({ output: mul(now!, 1), state }));
  expect(await read(state)).toEqual([1, 2]);
  expect(await read(outputs)).toEqual(await read(x));
  outputs[Symbol.dispose]();
  expect(on.memory().tensors).toBe(before);
  expect(await read(begin)).toEqual([1, 2]);
});

test("inputs of other shapes are refused", () => {
  const refused =
    (...inputs: Tensor[]) =>
    () =>
      alongTime(inputs, zeros([2, 1], on), step);
  const expected =
    "ShapeError: alongTime: inputs must be [b, t, w] with the same b and t, and at least one position, got ";
  const said = (body: () => unknown): string => {
    try {
      body();
    } catch (error) {
      return String(error);
    }
    return "nothing";
  };
  expect(said(refused())).toBe(`${expected}none`);
  expect(said(refused(x, zeros([2, 4, 1], on)))).toBe(`${expected}[2, 5, 1] and [2, 4, 1]`);
  expect(said(refused(zeros([2, 5], on)))).toBe(`${expected}[2, 5]`);
  expect(said(refused(zeros([2, 0, 3], on)))).toBe(`${expected}[2, 0, 3]`);
});
