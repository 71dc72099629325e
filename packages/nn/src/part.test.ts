import { cpu, mul, random, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { LayerNorm } from "./layer-norm.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { Part } from "./part.ts";
import { ones } from "./initial/initial.ts";

class Layers extends Part implements Iterable<Linear> {
  readonly #layers: readonly Linear[];
  constructor(layers: readonly Linear[]) {
    super();
    this.#layers = layers;
  }
  [Symbol.iterator](): Iterator<Linear> {
    return this.#layers.values();
  }
}

class Model extends Module<[x: Tensor], Tensor> {
  readonly scale: Parameter = new Parameter([2], ones);
  readonly layers: readonly Linear[] = [0, 1].map(
    (i) => new Linear({ input: 2, output: 2, bias: false, random: random(i) }),
  );
  readonly norms: { readonly first: LayerNorm; readonly last: LayerNorm | undefined } = {
    first: new LayerNorm(2, { bias: false }),
    last: undefined,
  };
  readonly list: Layers = new Layers([new Linear({ input: 2, output: 2, random: random(5) })]);
  readonly shared: Parameter = this.scale;
  readonly again: Linear = this.layers[1]!;
  readonly #hidden: Parameter = new Parameter([1], ones);
  protected override compute(x: Tensor): Tensor {
    return mul(x, this.#hidden.value);
  }
}

test("parameters are listed by path in order of declaration, shared ones once, under the first path", () => {
  expect([...new Model().parameters().keys()]).toEqual([
    "scale",
    "layers.0.weight",
    "layers.1.weight",
    "norms.first.weight",
    "list.0.weight",
    "list.0.bias",
  ]);
});

test("parts are listed by path, the part itself first, under an empty path", () => {
  const model = new Model();
  const parts = model.parts();
  expect([...parts.keys()]).toEqual(["", "layers.0", "layers.1", "norms.first", "list", "list.0"]);
  expect(parts.get("")).toBe(model);
});

test("to() places every parameter and returns the part; dispose gives the memory back", async () => {
  const on = cpu();
  const model = new Model();
  expect(await model.to(on)).toBe(model);
  expect(on.memory().tensors).toBe(6);
  expect(model.scale.value.shape).toEqual([2]);
  model[Symbol.dispose]();
  expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
});

test("initial values are computed when they are first needed, and a checkpoint's values spare them", async () => {
  let computed = 0;
  const counting = (shape: readonly number[]): Float32Array => {
    computed++;
    return ones(shape);
  };
  const loaded = new Parameter([2], counting);
  loaded.assign(Float32Array.of(3, 4));
  await loaded.place(cpu());
  expect(computed).toBe(0);
  expect(await loaded.host()).toEqual(Float32Array.of(3, 4));
  expect(await new Parameter([2], counting).host()).toEqual(Float32Array.of(1, 1));
  expect(computed).toBe(1);
});

test("a forward before to() says what to do", () => {
  const layer = new Linear({ input: 1, output: 1, random: random(1) });
  expect(() => layer.forward(tensor([1], [1, 1], cpu()))).toThrow("await model.to(backend)");
});
