import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { Variable } from "../variable.ts";
import { sgdMomentumOp, sgdOp } from "./sgd.ts";

test.each([cpu(), cpu({ fused: false })])(
  "momentum gathers speed down a slope, and Nesterov looks one step ahead",
  async (on) => {
    const descend = async (nesterov: boolean): Promise<number> => {
      const [p, u] = [0, 0].map((x) => Variable.holding(tensor([x], [1], on))) as [Variable, Variable];
      const attrs = { rate: 1, decay: 0, momentum: 0.5, nesterov };
      for (let step = 0; step < 3; step++) Variable.update(sgdMomentumOp, [p, u], [tensor([-1], [1], on)], attrs);
      return (await p.host())[0]!;
    };
    expect(await descend(false)).toBe(1 + 1.5 + 1.75);
    expect(await descend(true)).toBe(1.5 + 1.75 + 1.875);
  },
);

test("arrays of another shape or dtype are refused", () => {
  const on = cpu();
  const [p, u] = [1, 2].map((x) => Variable.holding(tensor([x], [1], on))) as [Variable, Variable];
  const attrs = { rate: 1, decay: 0, momentum: 0.5, nesterov: false };
  expect(() => Variable.update(sgdOp, [p], [tensor([1, 2], [2], on)], { rate: 1, decay: 0 })).toThrow(
    "sgd: g [2] must be the shape of the parameter [1]",
  );
  expect(() => Variable.update(sgdMomentumOp, [p, u], [tensor([1], [1], on, "i32")], attrs)).toThrow(
    "sgdMomentum: g must be f32, got i32; cast() it",
  );
});
