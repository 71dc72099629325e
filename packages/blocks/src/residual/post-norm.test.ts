import { LayerNorm, Module, normal, Parameter, RMSNorm, trace, valueAndGrad, patch, type Norm } from "@tenon/nn";
import { add, cpu, mul, profile, random, sum, tensor, type Tensor } from "@tenon/tensor";
import { expect, test, vi } from "vitest";

import { PostNorm } from "./post-norm.ts";

const on = cpu({ precision: "f64" });
const x = tensor([1, 2, 4, -3, 0, 5], [1, 2, 3], on);
const squared = (y: Tensor): Tensor => mul(y, y);

/** A norm that knows nothing of a second argument. */
class Halved extends Module<[x: Tensor], Tensor> {
  protected override compute(x: Tensor): Tensor {
    return mul(x, 0.5);
  }
}
/** One that computes something else than the class it comes from. */
class Shifted extends LayerNorm {
  protected override compute(x: Tensor): Tensor {
    return add(super.compute(x), 1);
  }
}
/** A stream and how it goes on: through PostNorm, or in the two steps that it means. */
class Stream extends Module<[together: boolean], Tensor> {
  readonly x: Parameter = new Parameter([1, 2, 3], normal(random(1), 1));
  readonly residual: PostNorm;
  constructor(norm: Norm) {
    super();
    this.residual = new PostNorm({ norm });
  }
  protected override compute(together: boolean): Tensor {
    const x = this.x.value;
    return together ? this.residual.forward(x, squared) : this.residual.norm.forward(add(x, squared(x)));
  }
}

const norms: [name: string, make: () => Norm, together: string | undefined][] = [
  ["LayerNorm", () => new LayerNorm(3), "addLayerNorm"],
  ["LayerNorm without a bias", () => new LayerNorm(3, { bias: false }), "addLayerNorm"],
  ["RMSNorm", () => new RMSNorm(3), "addRmsNorm"],
  ["a stranger's norm", () => new Halved(), undefined],
  ["a stranger's LayerNorm", () => new Shifted(3), undefined],
];

test.each(norms)("with %s it is the norm of the sum, in one op where the norm has one", async (_, make, together) => {
  const watched = profile(on);
  const model = await new Stream(make()).to(watched);
  const y = model.forward(true);
  const ops = (await watched.report()).map(({ op }) => op);
  expect(ops.filter((op) => /^add./.test(op))).toEqual(together === undefined ? [] : [together]);
  expect(await y.read()).toEqual(await model.forward(false).read());
});

test.each(norms)("with %s the gradients are those of the two steps", async (_, make) => {
  const model = await new Stream(make()).to(on);
  const weight = tensor([1, -2, 3, 0, 1, -1], [1, 2, 3], on);
  const [one, two] = [true, false].map((together) =>
    valueAndGrad(model, () => sum(mul(model.forward(together), weight))),
  );
  expect(one!.gradients.size).toBeGreaterThan(0);
  for (const [parameter, gradient] of two!.gradients)
    expect(await one!.gradients.get(parameter)!.read()).toEqual(await gradient.read());
});

test("a norm whose forward was replaced is called with the sum alone", async () => {
  const residual = await new PostNorm({ norm: new LayerNorm(3) }).to(on);
  const usual = await residual.forward(x, squared).read();
  const seen = vi.spyOn(residual.norm, "forward");
  expect(await residual.forward(x, squared).read()).toEqual(usual);
  expect(seen.mock.calls.map((input) => input.length)).toEqual([1]);
  seen.mockImplementation((sum) => mul(sum, 2));
  expect(await residual.forward(x, squared).read()).toEqual(await mul(add(x, squared(x)), 2).read());
});

test("what a sublayer adds may broadcast", async () => {
  const residual = await new PostNorm({ norm: new LayerNorm(3) }).to(on);
  for (const row of [tensor([1, 0, -1], [3], on), tensor([1, 0, -1], [1, 1, 3], on)])
    expect(await residual.forward(x, () => row).read()).toEqual(await residual.norm.forward(add(x, row)).read());
});

test("the tap shows what is added, and the norm goes on with what it gives", async () => {
  const residual = await new PostNorm({ norm: new RMSNorm(3) }).to(on);
  const { taps } = trace(residual, ["*"], () => residual.forward(x, squared));
  expect(Object.keys(taps)).toEqual(["added"]);
  expect(await taps["added"]![0]!.read()).toEqual(await squared(x).read());
  const ablated = patch(residual, { added: (y) => mul(y, 0) }, () => residual.forward(x, squared));
  expect(await ablated.read()).toEqual(await residual.norm.forward(x).read());
});

test("its parameters have the names they had", () => {
  const names = [...new PostNorm({ norm: new LayerNorm(3), dropout: 0.1 }).parameters().keys()];
  expect(names).toEqual(["norm.weight", "norm.bias"]);
});
