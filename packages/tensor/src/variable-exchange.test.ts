import { expect, test } from "vitest";

import { cpu } from "./cpu/cpu.ts";
import { tensor } from "./create.ts";
import { Variable } from "./variable.ts";

const on = cpu();
const holding = (data: readonly number[], backend = on): Variable =>
  Variable.holding(tensor(data, [data.length], backend));

test("two variables exchange what they hold, without a copy", () => {
  const [a, b] = [holding([1, 2]), holding([3, 4])];
  const [first, second] = [a.value, b.value];
  Variable.exchange(a, b);
  expect(a.value).toBe(second);
  expect(b.value).toBe(first);
});

test("an exchange that cannot be is refused, and nothing has changed", () => {
  const [a, b] = [holding([1, 2]), holding([3, 4])];
  const [first, second] = [a.value, b.value];
  expect(() => Variable.exchange(a, holding([5, 6, 7]))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: variables of one type on one backend can be exchanged, got [2] f32 on "cpu" and [3] f32 on "cpu"]`,
  );
  expect(() => Variable.exchange(a, holding([8, 9], cpu()))).toThrow("on one backend can be exchanged");
  const lent = (): unknown =>
    Variable.lend(
      [b],
      (value) => on.share(value, value.type),
      () => Variable.exchange(a, b),
    );
  expect(lent).toThrow("a variable cannot be exchanged while it is being differentiated; exchange it after");
  b[Symbol.dispose]();
  expect(() => Variable.exchange(a, b)).toThrow("this variable was disposed");
  expect(a.value).toBe(first);
  expect(second.alive).toBe(false);
});
