import { add, cpu, mul, scoped, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { Module } from "./module.ts";

class Identity extends Module<[x: Tensor], Tensor> {
  protected override compute(x: Tensor): Tensor {
    return x;
  }
}
class Two extends Module<[x: Tensor], { square: Tensor; list: readonly Tensor[] }> {
  protected override compute(x: Tensor): { square: Tensor; list: readonly Tensor[] } {
    const square = mul(x, x);
    return { square: add(square, 0), list: [add(mul(square, x), 1)] };
  }
}

test("forward frees everything but its result, in objects and arrays too", async () => {
  const on = cpu();
  using x = tensor([1, 2], [2], on);
  const { square, list } = new Two().forward(x);
  expect(on.memory().tensors).toBe(3);
  expect(await square.read()).toEqual(Float32Array.of(1, 4));
  expect(await list[0]!.read()).toEqual(Float32Array.of(2, 9));
  square[Symbol.dispose]();
  list[0]![Symbol.dispose]();
  expect(on.memory().tensors).toBe(1);
});

test("an argument is never returned: the result is an alias with an owner of its own", async () => {
  const on = cpu();
  using x = tensor([1, 2], [2], on);
  const y = scoped(() => new Identity().forward(x));
  expect(y).not.toBe(x);
  y[Symbol.dispose]();
  expect(await x.read()).toEqual(Float32Array.of(1, 2));
});

test("forward frees what it made when compute throws", () => {
  class Failing extends Module<[x: Tensor], Tensor> {
    protected override compute(x: Tensor): Tensor {
      mul(x, 2);
      throw new RangeError("no");
    }
  }
  const on = cpu();
  using x = tensor([1], [1], on);
  expect(() => new Failing().forward(x)).toThrow(RangeError);
  expect(on.memory().tensors).toBe(1);
});
