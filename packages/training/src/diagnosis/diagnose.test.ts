import { wasm } from "@tenon/backend-wasm";
import { assemble, gpt } from "@tenon/models";
import { Linear, Module, recompute } from "@tenon/nn";
import { add, type Backend, cpu, div, log, mean, mul, random, softmax, sqrt, tensor, type Tensor } from "@tenon/tensor";
import { promiseBackend } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { causalLoss } from "../objectives/causal-loss.ts";
import type { Batch } from "../data/batch.ts";
import { diagnose } from "./diagnose.ts";

/** f of a linear map, in a module of its own. */
class Inner extends Module<[x: Tensor], Tensor> {
  readonly map: Linear = new Linear({ input: 2, output: 2, random: random(1) });
  readonly f: (x: Tensor) => Tensor;
  constructor(f: (x: Tensor) => Tensor) {
    super();
    this.f = f;
  }
  protected override compute(x: Tensor): Tensor {
    return this.f(this.map.forward(x));
  }
}
class Outer extends Module<[x: Tensor], Tensor> {
  readonly first: Linear = new Linear({ input: 2, output: 2, random: random(2) });
  readonly blocks: readonly Inner[];
  constructor(f: (x: Tensor) => Tensor) {
    super();
    this.blocks = [new Inner((x) => x), new Inner(f)];
  }
  protected override compute(x: Tensor): Tensor {
    return this.blocks.reduce((x, block) => block.forward(x), this.first.forward(x));
  }
}
async function of(f: (x: Tensor) => Tensor, on: Backend = cpu(), values = [1, 2]) {
  const model = await new Outer(f).to(on);
  return { model, found: await diagnose(model, (on) => mean(model.forward(tensor(values, [1, 2], on)))) };
}

test("the op and the module are named, and whether it overflowed or is not defined there", async () => {
  const { found } = await of((x) => mul(mul(x, 1e30), 1e30));
  expect(found).toMatchObject({ kind: "forward", op: "mul", module: "blocks.1", shape: [1, 2] });
  expect(found.text).toMatch(
    /^The first tensor that is not finite: mul in blocks\.1 gave \[1, 2\], of which \d of 2 numbers (is|are) not finite \(\d infinite\)\. Its inputs are finite, the largest of size \d\.\d+e\+\d\d: it overflowed\.$/,
  );
  const zero = await of((x) => div(x, mul(x, 0)));
  expect(zero.found.text).toMatch(
    /^The first tensor that is not finite: div in blocks\.1 gave \[1, 2\], of which 2 of 2 numbers are not finite \(\d infinite(?:, \d NaN)?\)\. Its inputs are finite, the largest of size \d\.\d+: it overflowed, or is not defined there, as 1\/0 and log 0 are not\.$/,
  );
  const outside = await new Outer((x) => x).to(cpu());
  const found2 = await diagnose(outside, (on) =>
    mean(sqrt(add(mul(outside.forward(tensor([1, 2], [1, 2], on)), 0), -1))),
  );
  expect([found2.kind, found2.op, found2.module]).toEqual(["forward", "sqrt", undefined]);
  expect(found2.text).toContain(
    "sqrt outside of all modules gave [1, 2], of which 2 of 2 numbers are not finite (2 NaN)",
  );
});

test("a gradient that is not finite: the op on the way back, and the first parameter that it reaches", async () => {
  // √0 is 0, and its slope has no end; 0 · ∞ is NaN.
  const { found } = await of((x) => mul(sqrt(mul(x, 0)), 0.5));
  expect(found).toMatchObject({ kind: "backward", module: undefined, parameter: "blocks.1.map.weight" });
  expect(found.text).toMatch(
    /^The loss is finite\. On the way back the first tensor that is not: \w+ outside of all modules gave \[1, 2\], .* The first parameter on the way back without a finite gradient is blocks\.1\.map\.weight\.$/,
  );
});

test("a parameter that was not finite before", async () => {
  const model = await new Outer((x) => x).to(cpu());
  model.blocks[0]!.map.weight.assign(Float32Array.of(1, NaN, Infinity, 2));
  const found = await diagnose(model, (on) => mean(model.forward(tensor([1, 2], [1, 2], on))));
  expect(found).toMatchObject({ kind: "parameter", parameter: "blocks.0.map.weight", shape: [2, 2] });
  expect(found.text).toBe(
    "The parameter blocks.0.map.weight [2, 2] was not finite before the step: 2 of 4 numbers are not finite (1 NaN, 1 infinite).",
  );
});

test("numbers of the batch", async () => {
  const { found } = await of((x) => x, cpu(), [1, Infinity]);
  expect(found).toMatchObject({ kind: "batch", shape: [1, 2] });
  expect(found.text).toBe(
    "Numbers [1, 2] that came from the batch are not finite: 1 of 2 numbers are not finite (1 infinite).",
  );
});

test("finite gradients whose squares overflow, and nothing at all", async () => {
  const { found } = await of((x) => mul(x, 1e25));
  expect(found.kind).toBe("norm");
  expect(found.text).toMatch(
    /^Each gradient is finite, and their squares together overflow: the largest norm is \d\.\d+e\+24, of [a-z0-9.]+ \[.*\]\.$/,
  );
  const fine = await of((x) => x);
  expect(fine.found.kind).toBe("finite");
});

test("−∞ in a mask is no finding, and what comes after it is", async () => {
  const mask = (x: Tensor): Tensor => softmax(add(x, tensor([0, -Infinity], [1, 2], x.backend)));
  expect((await of(mask)).found.kind).toBe("finite");
  const { found } = await of((x) => mul(mul(add(mask(x), 1), 1e30), 1e30));
  expect([found.kind, found.op]).toEqual(["forward", "mul"]);
});

test("a loss of −∞: the first of the tensors that lead to it", async () => {
  const { found } = await of((x) => add(log(mul(x, 0)), 1));
  expect(found).toMatchObject({ kind: "forward", op: "log", module: "blocks.1" });
  expect(found.text).toContain("Its inputs are finite, the largest of size 0: it overflowed, or is not defined there");
});

test("inside of a segment that is computed again, and on a backend whose kernels answer later", async () => {
  const f = (x: Tensor): Tensor => recompute([x], (x) => sqrt(add(mul(x, 0), -1)));
  for (const on of [cpu(), promiseBackend(random(3))]) {
    const { found } = await of((x) => mul(f(x), -1), on);
    expect([found.kind, found.op, found.module]).toEqual(["forward", "sqrt", "blocks.1"]);
  }
});

test("a decoder: its masks are no finding, an overflow in one of its projections is; nothing stays behind", async () => {
  const batch: Batch = { inputs: Int32Array.of(1, 2, 3, 4), targets: Int32Array.of(2, 3, 4, 5), shape: [1, 4] };
  for (const on of [cpu(), await wasm({ threads: 1 })]) {
    const spec = gpt({ vocabulary: 8, width: 8, layers: 2, heads: 2, context: 4 });
    const model = await assemble(spec, { seed: 1 }).to(on);
    const before = on.memory().tensors;
    const look = () => diagnose(model, (on) => causalLoss(model, batch, on));
    expect((await look()).kind).toBe("finite");
    expect(on.memory().tensors).toBe(before);
    const [path, weight] = [...model.parameters()].find(([path]) => /blocks\.1\..*query.*weight/.test(path))!;
    weight.assign(
      new Float32Array(weight.type.shape.reduce((a, b) => a * b)).map((_, i) => (i % 2 === 0 ? 3e38 : -3e38)),
    );
    const found = await look();
    expect(found).toMatchObject({ kind: "forward", module: path.replace(/\.weight$/, "") });
    expect(found.inputs!.largest).toBe(Math.fround(3e38));
    expect(on.memory().tensors).toBe(before);
    model[Symbol.dispose]();
  }
});
