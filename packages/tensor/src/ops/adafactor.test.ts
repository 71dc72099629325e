import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor, zeros } from "../create.ts";
import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import { Variable } from "../variable.ts";
import { adafactorOp } from "./adafactor.ts";

const attrs = { rate: 1, step: 1, exponent: 0.8, epsilon: 1e-30, limit: 1e9, relative: false, floor: 1e-3, decay: 0 };
const on = cpu({ precision: "f64" });
const make = (...shapes: readonly Shape[]): Variable[] => shapes.map((shape) => Variable.holding(zeros(shape, on)));

test("a vector keeps the full second moment: over several steps its update is g / √v", async () => {
  const [p, r, c] = make([4], [4], [1]) as [Variable, Variable, Variable];
  const dice = random(3);
  let v = [0, 0, 0, 0];
  const at = [0, 0, 0, 0];
  for (let step = 1; step <= 5; step++) {
    const g = Float64Array.from({ length: 4 }, () => dice.normal());
    const beta = 1 - step ** -0.8;
    v = v.map((old, i) => beta * old + (1 - beta) * g[i]! ** 2);
    v.forEach((each, i) => (at[i]! -= g[i]! / Math.sqrt(each)));
    Variable.update(adafactorOp, [p, r, c], [tensor(g, [4], on)], { ...attrs, step });
  }
  const actual = await p.host();
  at.forEach((expected, i) => expect(Math.abs(actual[i]! - expected)).toBeLessThan(1e-13));
});

test("a squared gradient of rank one is factored without loss, so that every element moves alike", async () => {
  const [p, r, c] = make([2, 3], [2], [3]) as [Variable, Variable, Variable];
  const g = [1, 10, 100].flatMap((x) => [x, 7 * x]);
  const matrix = tensor([g[0]!, g[2]!, g[4]!, g[1]!, g[3]!, g[5]!], [2, 3], on);
  Variable.update(adafactorOp, [p, r, c], [matrix], attrs);
  for (const x of await p.host()) expect(x).toBeCloseTo(-1, 12);
});

test("an update is cut to the limit, a relative rate follows the parameter, and gradients of zero change nothing", async () => {
  const norm = async (more: Partial<typeof attrs>, start: number, slope: number): Promise<number> => {
    const [p, r, c] = [tensor([start, start], [2], on), zeros([2], on), zeros([1], on)].map((x) =>
      Variable.holding(x),
    ) as [Variable, Variable, Variable];
    Variable.update(adafactorOp, [p, r, c], [tensor([slope, slope], [2], on)], { ...attrs, ...more });
    return start - (await p.host())[0]!;
  };
  expect(await norm({ limit: 0.25 }, 1, 5)).toBeCloseTo(0.25, 12);
  expect(await norm({ relative: true, rate: 0.5 }, 8, 5)).toBeCloseTo(4, 12);
  expect(await norm({ relative: true, rate: 0.5, floor: 0.125 }, 0, 5)).toBeCloseTo(0.0625, 12);
  expect(await norm({}, 1, 0)).toBe(0);
});

test("factors of another shape are refused", () => {
  const update =
    (...shapes: readonly [Shape, Shape, Shape, Shape]) =>
    (): void => {
      const [p, r, c, g] = make(...shapes) as [Variable, Variable, Variable, Variable];
      Variable.update(adafactorOp, [p, r, c], [g.value], attrs);
    };
  expect(update([2, 3], [2], [3], [3, 2])).toThrow("adafactor: g [3, 2] must be the shape of the parameter [2, 3]");
  expect(update([2, 3], [3], [3], [2, 3])).toThrow("adafactor: r [3] must be [2] for a parameter [2, 3]");
  expect(update([4, 2, 3], [4, 2], [3], [4, 2, 3])).toThrow(
    "adafactor: c [3] must be [4, 3] for a parameter [4, 2, 3]",
  );
  expect(update([2], [2], [2], [2])).toThrow("adafactor: c [2] must be [1] for a parameter [2]");
});
