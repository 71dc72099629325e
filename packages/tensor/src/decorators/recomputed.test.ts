import { describe, expect, test } from "vitest";

import type { Backend } from "../backend.ts";
import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import type { Attrs, Inputs, Op } from "../op.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { exp, sin, tanh } from "../ops/pointwise.ts";
import { sum } from "../ops/reduce.ts";
import { random } from "../random.ts";
import { currentScope } from "../scope.ts";
import type { TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { place } from "../testing/op-case.ts";
import { floats } from "../testing/plain.ts";
import { promiseBackend } from "../testing/promise-backend.ts";
import { plain, ResidualLayers, valuesOf, type Segment } from "../testing/residual-layers.ts";
import { Variable } from "../variable.ts";
import { autodiff } from "./autodiff.ts";
import { Decorator } from "./decorator.ts";
import { differentiate } from "./differentiate.ts";
import { recomputed } from "./recomputed.ts";

const variable = (on: Backend, ...data: number[]): Variable => Variable.holding(tensor(data, [data.length], on));

/** Remembers the most bytes that were alive at once. */
class Peak extends Decorator<undefined> {
  most = 0;
  protected override entered(): undefined {}
  override execute(
    op: Op,
    inputs: Inputs,
    attrs: Attrs,
    types: TensorType | readonly TensorType[],
  ): Tensor | readonly Tensor[] {
    const result = this.wrapAll(this.inner.execute(op, this.unwrap(inputs), attrs, types), undefined);
    this.most = Math.max(this.most, this.memory().bytes);
    return result;
  }
}

describe("gives the values and gradients of the plain run, to the last bit", () => {
  test.each([
    [true, 1],
    [true, 2],
    [false, 3],
    [false, 6],
  ])("on cpu (fused: %s), in segments of %i", async (fused, length) => {
    const on = cpu({ fused });
    const layers = new ResidualLayers(6, on);
    const base = on.memory();
    const expected = await valuesOf(differentiate(layers.variables, () => layers.loss(plain, 1)));
    const actual = await valuesOf(differentiate(layers.variables, () => layers.loss(recomputed, length)));
    expect(actual).toEqual(expected);
    expect(on.memory()).toEqual(base);
  });
  test("on kernels that return promises", async () => {
    const on = promiseBackend(random(2));
    const layers = new ResidualLayers(3, on);
    const expected = await valuesOf(differentiate(layers.variables, () => layers.loss(plain, 1)));
    expect(await valuesOf(differentiate(layers.variables, () => layers.loss(recomputed, 2)))).toEqual(expected);
  });
  test("with segments in segments", async () => {
    const on = cpu();
    const layers = new ResidualLayers(8, on);
    const base = on.memory();
    const nested: Segment = (inputs, body) =>
      recomputed(inputs, (...inner) => recomputed(inner, (...x) => recomputed(x, body)));
    const expected = await valuesOf(differentiate(layers.variables, () => layers.loss(plain, 1)));
    const all = differentiate(layers.variables, () => recomputed([], () => add(layers.loss(nested, 2), 0)));
    expect(await valuesOf(all)).toEqual(expected);
    expect(on.memory()).toEqual(base);
  });
  test("within a decorator around the tape, and around one", async () => {
    const run = async (segment: Segment): Promise<ArrayLike<number>> => {
      const tape = autodiff(new Peak(cpu(), "peak"));
      const around = new Peak(tape, "around");
      const x = around.lift(tape.watch(place(floats([3, 4], random(1)), tape.inner)));
      const loss = sum(segment([x], (x) => tanh(mul(x, sin(x)))));
      const below = around.lower(loss);
      const watched = around.lower(x);
      return tape.gradients(below, [watched])[0]!.read();
    };
    expect(await run(recomputed)).toEqual(await run(plain));
  });
});

describe("second derivatives", () => {
  const on = cpu({ precision: "f64" });
  const [x, y] = [variable(on, 0.5, -1.5), variable(on, 2, 0.25)];
  /** d/dx of the square of the gradient, and the value of what is differentiated. */
  const twice = async (inner: readonly Variable[], segment: Segment): Promise<(ArrayLike<number> | undefined)[]> => {
    const base = on.memory();
    const result = differentiate([x, y], () => {
      const first = differentiate(inner, () =>
        sum(
          mul(
            segment([x.value], (h) => segment([h], (h) => mul(tanh(mul(h, y.value)), exp(h)))),
            x.value,
          ),
        ),
      );
      const parts = [first.value, ...first.gradients.map((gradient) => sum(mul(gradient!, gradient!)))];
      for (const tensor of [first.value, ...first.gradients]) currentScope()!.adopt(tensor!);
      return parts.reduce((a, b) => add(a, b));
    });
    const values = await valuesOf(result);
    expect(on.memory()).toEqual(base);
    return values;
  };
  test.each([
    ["of all variables", [x, y]],
    ["of one", [x]],
    ["of the other", [y]],
  ])("%s", async (_, inner) => {
    const expected = await twice(inner, plain);
    const actual = await twice(inner, recomputed);
    actual.forEach((values, i) => Array.from(values!, (value, at) => expect(value).toBeCloseTo(expected[i]![at]!, 12)));
  });
});
