import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { Variable } from "../variable.ts";
import { lionOp } from "./lion.ts";

const attrs = { rate: 0.25, beta1: 0.5, beta2: 0.5, decay: 0 };

test.each([cpu(), cpu({ fused: false })])(
  "each element moves by the rate, however steep, and not where there is no sign",
  async (on) => {
    const [p, m] = [0, 0].map((x) => Variable.holding(tensor([x, x, x, x], [4], on))) as [Variable, Variable];
    Variable.update(lionOp, [p, m], [tensor([1e-9, -1e9, 0, NaN], [4], on)], attrs);
    expect(await p.host()).toEqual(Float32Array.of(-0.25, 0.25, 0, 0));
  },
);

test("arrays of another shape or dtype are refused", () => {
  const on = cpu();
  const [p, m] = [1, 2].map((x) => Variable.holding(tensor([x], [1], on))) as [Variable, Variable];
  expect(() => Variable.update(lionOp, [p, m], [tensor([1, 2], [2], on)], attrs)).toThrow(
    "lion: g [2] must be the shape of the parameter [1]",
  );
});
