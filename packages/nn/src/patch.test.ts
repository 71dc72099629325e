import { add, cpu, mul, scoped, sum, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { ones } from "./initial/initial.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { patch } from "./patch.ts";
import { trace } from "./trace.ts";
import { valueAndGrad } from "./value-and-grad.ts";

class Double extends Module<[x: Tensor], Tensor> {
  slowPaths = 0;
  protected override compute(x: Tensor): Tensor {
    if (!this.tapped("inside")) return this.tap("output", mul(x, 2));
    this.slowPaths++;
    return this.tap("output", add(this.tap("inside", x), x));
  }
}
class Model extends Module<[x: Tensor], Tensor> {
  readonly layers: readonly Double[] = [new Double(), new Double(), new Double()];
  readonly scale: Parameter = new Parameter([1], ones);
  protected override compute(x: Tensor): Tensor {
    let y = mul(x, this.scale.value);
    for (const layer of this.layers) y = layer.forward(y);
    return this.tap("final", y);
  }
}
const made = async (): Promise<{ on: ReturnType<typeof cpu>; model: Model; x: Tensor }> => {
  const on = cpu();
  return { on, model: await new Model().to(on), x: tensor([1], [1], on) };
};
const only = async (x: Tensor): Promise<number> => (await x.read())[0]!;

test("trace gives every tap that fits, and its tensors outlive the modules that made them", async () => {
  const { model, x } = await made();
  const { output, taps } = trace(model, ["layers.*.output", "final"], () => model.forward(x));
  expect(await only(output)).toBe(8);
  expect(Object.keys(taps)).toEqual(["layers.0.output", "layers.1.output", "layers.2.output", "final"]);
  expect(await Promise.all(Object.values(taps).map(([first]) => only(first!)))).toEqual([2, 4, 8, 8]);
});

test("a tap that is passed twice gives two tensors", async () => {
  const { model, x } = await made();
  const { taps } = trace(model, ["final"], () => [model.forward(x), model.forward(x)]);
  expect(taps["final"]).toHaveLength(2);
});

test("a tap that fits two patterns is recorded once", async () => {
  const { model, x } = await made();
  const { taps } = trace(model, ["final", "**"], () => model.forward(x));
  expect(taps["final"]).toHaveLength(1);
});

test("a patch takes the tensor's place, sees the full name, and is gone afterwards", async () => {
  const { model, x } = await made();
  const names: string[] = [];
  const silence = (y: Tensor, name: string): Tensor => {
    names.push(name);
    return mul(y, 0);
  };
  expect(await only(patch(model, { "layers.1.output": silence }, () => model.forward(x)))).toBe(0);
  expect(names).toEqual(["layers.1.output"]);
  expect(await only(model.forward(x))).toBe(8);
});

test("taps are gone after an error", async () => {
  const { model, x } = await made();
  const fail = (): never => {
    throw new RangeError("no");
  };
  expect(() => patch(model, { final: fail }, () => model.forward(x))).toThrow(RangeError);
  expect(await only(model.forward(x))).toBe(8);
});

test("nested: the outer function goes first, and trace inside a patch sees what the patch made", async () => {
  const { model, x } = await made();
  const traced = patch(model, { final: (y) => add(y, 1) }, () => trace(model, ["final"], () => model.forward(x)));
  expect(await only(traced.taps["final"]![0]!)).toBe(9);
  expect(await only(traced.output)).toBe(9);
});

test("asking for what only a slower path has selects that path", async () => {
  const { model, x } = await made();
  const { taps } = trace(model, ["layers.1.inside"], () => model.forward(x));
  expect(await only(taps["layers.1.inside"]![0]!)).toBe(2);
  expect(model.layers.map((layer) => layer.slowPaths)).toEqual([0, 1, 0]);
});

test("a part of the model can be traced by its own names", async () => {
  const { model, x } = await made();
  const { taps } = trace(model.layers[2]!, ["output"], () => model.forward(x));
  expect(Object.keys(taps)).toEqual(["output"]);
});

test("a pattern that fits nothing throws and lists the taps there are", async () => {
  const { on, model, x } = await made();
  const before = on.memory().tensors;
  expect(() => scoped(() => trace(model, ["layers.*.ouput"], () => model.forward(x)).output)).toThrow(
    'no tap fits "layers.*.ouput". The taps are: layers.(0–2).inside, layers.(0–2).output, final.',
  );
  expect(on.memory().tensors).toBe(before);
  expect(() => patch(model, { a: (y) => y, b: (y) => y }, () => 0)).toThrow(
    'no tap fits "a" or "b". The body passed no tap of this model.',
  );
});

test("what a function returns must fit", async () => {
  const { on, model, x } = await made();
  const run = (tap: (x: Tensor) => Tensor) => (): Tensor => patch(model, { final: tap }, () => model.forward(x));
  expect(run(() => undefined as never)).toThrow("the function for the tap final returned no tensor; return x");
  expect(run(() => tensor([1, 2], [2], on))).toThrow("the function for the tap final must return f32 [1], got f32 [2]");
  expect(() => patch(model, { final: (y) => y }, async () => model.forward(x))).toThrow("patch() got a promise");
});

test("memory: trace keeps its aliases and nothing else, and frees them when the body throws", async () => {
  const { on, model, x } = await made();
  const before = on.memory().tensors;
  scoped(() => {
    const { taps } = trace(model, ["layers.*.output"], () => model.forward(x));
    expect(Object.keys(taps)).toHaveLength(3);
    expect(on.memory().tensors).toBe(before + 3); // the output is the last of them
  });
  expect(on.memory().tensors).toBe(before);
  expect(() =>
    trace(model, ["layers.*.output"], () => {
      model.forward(x)[Symbol.dispose]();
      throw new RangeError("no");
    }),
  ).toThrow(RangeError);
  expect(on.memory().tensors).toBe(before);
});

test("gradients flow through patches", async () => {
  const { model, x } = await made();
  const { gradients } = patch(model, { "layers.0.output": (y) => mul(y, 3) }, () =>
    valueAndGrad(model, () => sum(model.forward(x))),
  );
  expect(await only(gradients.get(model.scale)!)).toBe(24);
});
