import { describe, expect, test } from "vitest";

import type { Backend } from "../backend.ts";
import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { exp, sin } from "../ops/pointwise.ts";
import { sum } from "../ops/reduce.ts";
import { reshape } from "../ops/reshape.ts";
import { slice, writeSliceOp } from "../ops/slice.ts";
import { stopGradient } from "../ops/stop-gradient.ts";
import { currentScope, scoped, type Scope } from "../scope.ts";
import { segmentScope } from "../segment.ts";
import type { Tensor } from "../tensor.ts";
import { plain, valuesOf, type Segment } from "../testing/residual-layers.ts";
import { Variable } from "../variable.ts";
import { differentiate } from "./differentiate.ts";
import { recomputed } from "./recomputed.ts";

const variable = (on: Backend, ...data: number[]): Variable => Variable.holding(tensor(data, [data.length], on));

describe("what a body may do", () => {
  const on = cpu();
  const w = variable(on, 3, -2);
  const c = tensor([5, 7], [2], on);
  const bodies: [string, (segment: Segment) => Tensor][] = [
    ["read parameters alone", (segment) => sum(segment([c], (c) => mul(w.value, c)))],
    ["have no inputs", (segment) => sum(segment([], () => mul(w.value, w.value)))],
    [
      "return its input",
      (segment) =>
        sum(
          mul(
            segment([w.value], (x) => x),
            w.value,
          ),
        ),
    ],
    [
      "return a tensor from outside",
      (segment) =>
        sum(
          mul(
            segment([c], () => w.value),
            c,
          ),
        ),
    ],
    [
      "return a constant",
      (segment) =>
        sum(
          mul(
            segment([w.value], () => c),
            w.value,
          ),
        ),
    ],
    [
      "return a view of its input",
      (segment) =>
        sum(
          mul(
            segment([w.value], (x) => reshape(x, [2, 1])),
            reshape(c, [2, 1]),
          ),
        ),
    ],
    [
      "stop the gradient",
      (segment) =>
        sum(
          mul(
            segment([w.value], (x) => stopGradient(exp(x))),
            w.value,
          ),
        ),
    ],
    [
      "use its input twice, which is used outside too",
      (segment) =>
        sum(
          mul(
            segment([w.value, w.value], (a, b) => mul(a, exp(b))),
            w.value,
          ),
        ),
    ],
    [
      "read a tracked tensor of its closure",
      (segment) => {
        const h = exp(w.value);
        return sum(
          mul(
            segment([c], (c) => mul(h, c)),
            h,
          ),
        );
      },
    ],
    ["compute what is not used", (segment) => sum(segment([w.value], (x) => [exp(mul(x, w.value)), sin(x)][1]!))],
    [
      "differentiate within itself",
      (segment) =>
        sum(
          segment([w.value], (x) => {
            const inner = differentiate([w], () => sum(mul(mul(w.value, w.value), stopGradient(x))));
            for (const tensor of [inner.value, inner.gradients[0]!]) currentScope()!.adopt(tensor);
            return mul(inner.gradients[0]!, x);
          }),
        ),
    ],
  ];
  test.each(bodies)("%s", async (_, loss) => {
    const base = on.memory();
    expect(await valuesOf(differentiate([w], () => loss(recomputed)))).toEqual(
      await valuesOf(differentiate([w], () => loss(plain))),
    );
    expect(on.memory()).toEqual(base);
  });
  test("give several tensors, of which some are used, one twice", async () => {
    const loss = (outputs: readonly Tensor[]): Tensor => sum(add(mul(outputs[0]!, outputs[3]!), outputs[2]!));
    const body = (x: Tensor): Tensor[] => {
      const y = exp(x);
      return [y, sin(x), x, y];
    };
    const base = on.memory();
    expect(await valuesOf(differentiate([w], () => loss(recomputed([w.value], body))))).toEqual(
      await valuesOf(differentiate([w], () => loss(body(w.value)))),
    );
    expect(on.memory()).toEqual(base);
  });
  test("leave an input out", async () => {
    const { gradients } = differentiate([w], () =>
      sum(recomputed([w.value, undefined], (x, bias) => (bias === undefined ? mul(x, 2) : add(x, bias)))),
    );
    expect(await gradients[0]!.read()).toEqual(Float32Array.of(2, 2));
  });
  test("off a tape it only runs, once, and its result is in the scope", async () => {
    let runs = 0;
    const cell = variable(on, 0, 0);
    const y = scoped(() =>
      recomputed([c], (x) => {
        runs++;
        Variable.update(writeSliceOp, [cell], [slice(x, 0, 0, 1)], { axis: 0, start: 0 });
        return mul(x, 2);
      }),
    );
    expect(await y.read()).toEqual(Float32Array.of(10, 14));
    expect(await cell.host()).toEqual(Float32Array.of(5, 0));
    expect(runs).toBe(1);
    expect(recomputed([c], (x) => x)).not.toBe(c);
  });
});

test("a body can tell by its scope which run of which segment it is in", () => {
  const on = cpu();
  using w = variable(on, 2, 3);
  const seen: [string, Scope | undefined][] = [];
  const see = (where: string): number => seen.push([where, segmentScope()]);
  const { value, gradients } = differentiate([w], () =>
    sum(
      recomputed([w.value], (x) => {
        expect(segmentScope()).toBe(currentScope());
        see("outer");
        const y = recomputed([x], (x) => {
          see("inner");
          return scoped(() => mul(x, x));
        });
        see("outer");
        return mul(y, x);
      }),
    ),
  );
  for (const made of [value, ...gradients]) made?.[Symbol.dispose]();
  expect(segmentScope()).toBeUndefined();
  expect(() =>
    recomputed([], () => {
      throw new Error("stop");
    }),
  ).toThrow("stop");
  expect(segmentScope()).toBeUndefined();
  const runs = new Map<Scope | undefined, string[]>();
  for (const [where, scope] of seen) runs.set(scope, [...(runs.get(scope) ?? []), where]);
  // Each body's first run and its second; the inner one is run for the outer one's second run, and for its own.
  expect([...runs.values()].map((places) => places.join())).toEqual([
    "outer,outer",
    "inner",
    "outer,outer",
    "inner",
    "inner",
  ]);
  expect(runs.has(undefined)).toBe(false);
});
