import { add, addRmsNorm, cpu, mul, rmsNorm, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { ones } from "./initial/initial.ts";
import { LayerNorm } from "./layer-norm.ts";
import { Module } from "./module.ts";
import type { Norm } from "./norm.ts";
import { Parameter } from "./parameter.ts";
import { RMSNorm } from "./rms-norm.ts";
import { isSumNorm, type SumNorm } from "./sum-norm.ts";

const on = cpu();
const [x, residual] = [tensor([1, 2, 4, -3, 0, 5], [2, 3], on), tensor([3, 0, -1, 1, 1, 7], [2, 3], on)];

/** A norm that knows nothing of a second argument. */
class Halved extends Module<[x: Tensor], Tensor> {
  protected override compute(x: Tensor): Tensor {
    return mul(x, 0.5);
  }
}
/** A stranger's norm that takes one. */
class Own extends Module<[x: Tensor, residual?: Tensor], Tensor> implements SumNorm {
  readonly takesResidual = true;
  readonly weight = new Parameter([3], ones);
  protected override compute(x: Tensor, residual?: Tensor): Tensor {
    return residual === undefined ? rmsNorm(x, this.weight.value) : addRmsNorm(x, residual, this.weight.value);
  }
}
class Shifted extends LayerNorm {
  protected override compute(x: Tensor): Tensor {
    return add(super.compute(x), 1);
  }
}
class Doubled extends RMSNorm {
  override forward(x: Tensor): Tensor {
    return mul(super.forward(x), 2);
  }
}

test.each([
  ["LayerNorm", () => new LayerNorm(3)],
  ["LayerNorm without a bias", () => new LayerNorm(3, { bias: false, epsilon: 0.1 })],
  ["RMSNorm", () => new RMSNorm(3, { epsilon: 0.1 })],
  ["a norm of one's own", () => new Own()],
])("%s with a residual gives the norm of the sum", async (_, make) => {
  const norm: SumNorm = await make().to(on);
  expect(isSumNorm(norm)).toBe(true);
  expect(await norm.forward(x, residual).read()).toEqual(await norm.forward(add(x, residual)).read());
});

test.each<[name: string, make: () => Norm]>([
  ["a norm that does not say so", () => new Halved()],
  ["a subclass with another compute", () => new Shifted(3)],
  ["a subclass with another forward", () => new Doubled(3)],
  ["one whose forward was replaced", () => Object.assign(new LayerNorm(3), { forward: (y: Tensor) => mul(y, 2) })],
  ["one whose compute was replaced", () => Object.assign(new RMSNorm(3), { compute: (y: Tensor) => mul(y, 2) })],
  ["one that says no", () => Object.assign(new Halved(), { takesResidual: false })],
])("%s is given the sum", (_, make) => {
  expect(isSumNorm(make())).toBe(false);
});

test("a residual of another shape is refused", async () => {
  const row = tensor([1, 2, 3], [3], on);
  const [layer, root] = [await new LayerNorm(3).to(on), await new RMSNorm(3).to(on)];
  expect(() => layer.forward(x, row)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: addLayerNorm: the residual must be [2, 3], the shape of x, got [3]; expand() it, or add() and normalise the sum]`,
  );
  expect(() => root.forward(x, row)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: addRmsNorm: the residual must be [2, 3], the shape of x, got [3]; expand() it, or add() and normalise the sum]`,
  );
});

test("that a norm takes a residual is no part of its state", () => {
  expect(Object.keys(new LayerNorm(3))).toEqual(["weight", "bias", "epsilon"]);
  expect([...new RMSNorm(3).parameters().keys()]).toEqual(["weight"]);
});
