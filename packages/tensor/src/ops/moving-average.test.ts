import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { Variable } from "../variable.ts";
import { movingAverageOp } from "./moving-average.ts";

test("it comes half as near with each step of a decay of one half, and leaves the parameter alone", async () => {
  const on = cpu();
  const [a, p] = [0, 8].map((x) => Variable.holding(tensor([x], [1], on))) as [Variable, Variable];
  for (const expected of [4, 6, 7]) {
    Variable.update(movingAverageOp, [a], [p.value], { decay: 0.5 });
    expect(await a.host()).toEqual(Float32Array.of(expected));
  }
  expect(await p.host()).toEqual(Float32Array.of(8));
});

test("a parameter of another shape is refused", () => {
  const on = cpu();
  const a = Variable.holding(tensor([1], [1], on));
  expect(() => Variable.update(movingAverageOp, [a], [tensor([1, 2], [2], on)], { decay: 0.5 })).toThrow(
    "movingAverage: a [1] must be the shape of the parameter [2]",
  );
});
