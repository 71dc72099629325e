import { describe, expect, test } from "vitest";

import type { Backend } from "../backend.ts";
import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import type { Attrs, Inputs, Op } from "../op.ts";
import { mul } from "../ops/arithmetic.ts";
import { exp } from "../ops/pointwise.ts";
import { sum } from "../ops/reduce.ts";
import type { TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { plain, ResidualLayers } from "../testing/residual-layers.ts";
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

describe("memory", () => {
  const peak = (n: number, length: number): number => {
    const on = new Peak(cpu(), "peak");
    const layers = new ResidualLayers(n, on);
    const base = on.memory().bytes;
    on.most = 0;
    const { value, gradients } = differentiate(layers.variables, () =>
      length === 0 ? layers.loss(plain, 1) : layers.loss(recomputed, length),
    );
    const own = [value, ...gradients].reduce(
      (bytes, tensor) => bytes + 4 * tensor!.shape.reduce((a, b) => a * b, 1),
      0,
    );
    return on.most - base - own; // beyond the parameters and their gradients
  };
  test("of n layers grows with n; in √n segments, with √n", () => {
    const plainly = [16, 64].map((n) => peak(n, 0));
    const inSegments = [16, 64].map((n) => peak(n, Math.sqrt(n)));
    expect(plainly[1]! / plainly[0]!).toBeGreaterThan(3.5);
    expect(inSegments[1]! / inSegments[0]!).toBeLessThan(2.2);
    expect(inSegments[1]!).toBeLessThan(plainly[1]! / 4);
  });
  test("a segment keeps its inputs alone, and its node goes with the tape", () => {
    const on = cpu();
    const x = Variable.holding(tensor(new Float32Array(100), [100], on));
    const base = on.memory().bytes;
    differentiateAndFree([x], () => {
      const before = on.memory().bytes;
      const y = recomputed([x.value], (x) => exp(exp(mul(exp(x), x))));
      expect(on.memory().bytes).toBe(before + 400); // y: the input is an alias
      return sum(y);
    });
    expect(on.memory().bytes).toBe(base);
  });
  test("comes back when a tape is closed unused, and when the body throws, the first time or the second", () => {
    const on = cpu();
    const own = tensor([1, 2], [2], on);
    const tape = autodiff(on);
    {
      using x = tape.watch(own);
      using _ = recomputed([x], (x) => exp(x));
      expect(() => recomputed([x], (x) => [exp(x)].map(() => expect.fail("first"))[0]!)).toThrow("first");
      tape.close();
    }
    expect(on.memory().tensors).toBe(1);
    let runs = 0;
    expect(() =>
      differentiate([Variable.holding(own)], () =>
        sum(recomputed([own], (x) => (++runs === 2 ? [exp(x)].map(() => expect.fail("second"))[0]! : exp(x)))),
      ),
    ).toThrow("does not depend");
    const weight = variable(on, 1, 2);
    const before = on.memory();
    runs = 0;
    expect(() =>
      differentiate([weight], () =>
        sum(recomputed([weight.value], (x) => [exp(x)].map((y) => (++runs === 2 ? expect.fail("second") : y))[0]!)),
      ),
    ).toThrow("recomputed: the body threw when it was run again for the gradients: second");
    expect(on.memory()).toEqual(before);
  });
});

function differentiateAndFree(variables: readonly Variable[], loss: () => Tensor): void {
  const { value, gradients } = differentiate(variables, loss);
  for (const tensor of [value, ...gradients]) tensor?.[Symbol.dispose]();
}
