import { add, cpu, isTenonError, mul, ones, reshape, scoped, sum, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { ones as beginWithOnes } from "../initial/initial.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { patch, type Tap } from "../patch.ts";
import { trace } from "../trace.ts";
import { valueAndGrad } from "../value-and-grad.ts";
import { ablate } from "./ablate.ts";
import { addDirection } from "./add-direction.ts";
import { replace } from "./replace.ts";

/** x → the tap: what comes out is what was put there. */
class Layer extends Module<[x: Tensor], Tensor> {
  protected override compute(x: Tensor): Tensor {
    return this.tap("output", x);
  }
}
class Model extends Module<[x: Tensor], Tensor> {
  readonly scale: Parameter = new Parameter([1], beginWithOnes);
  readonly layers: readonly Layer[] = [new Layer(), new Layer()];
  protected override compute(x: Tensor): Tensor {
    let y = mul(x, this.scale.value);
    for (const layer of this.layers) y = add(layer.forward(y), 1);
    return y;
  }
}
const on = cpu();
const model = await new Model().to(on);
const x = tensor([1, 2, 3, 4, 5, 6], [1, 3, 2], on);
const runWith = (taps: Record<string, Tap>, input = x): Promise<number[]> =>
  scoped(() => patch(model, taps, () => model.forward(input)))
    .read()
    .then((values) => [...values]);
const errorOf = (body: () => unknown, kind: "ConfigError" | "ShapeError"): string => {
  try {
    body();
  } catch (error) {
    if (isTenonError(error, kind)) return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
};

test("activation patching: the activations of another run take the place of this one's", async () => {
  const other = ones([1, 3, 2], on);
  const { taps } = trace(model, ["layers.1.output"], () => model.forward(other));
  const tap = replace(taps["layers.1.output"]![0]!);
  expect(await runWith({ "layers.1.output": tap })).toEqual([3, 3, 3, 3, 3, 3]);
  expect(await runWith({ "layers.1.output": tap })).toEqual([3, 3, 3, 3, 3, 3]); // it is the caller's still
  expect(await runWith({ "layers.0.output": tap })).toEqual([4, 4, 4, 4, 4, 4]);
  expect(
    errorOf(
      () => patch(model, { "layers.0.output": replace(tensor([1], [1], on)) }, () => model.forward(x)),
      "ShapeError",
    ),
  ).toBe("the function for the tap layers.0.output must return f32 [1, 3, 2], got f32 [1]");
});

test("a replaced tensor outlives the module that returns it, and is freed once", () => {
  const before = on.memory().tensors;
  const given = ones([1, 3, 2], on);
  scoped(() => {
    patch(model.layers[0]!, { output: replace(given) }, () => model.layers[0]!.forward(x))[Symbol.dispose]();
  });
  expect(given.alive).toBe(true);
  given[Symbol.dispose]();
  expect(on.memory().tensors).toBe(before);
});

test.each<[name: string, tap: Tap, expected: readonly number[]]>([
  ["everything", ablate(), [2, 2, 2, 2, 2, 2]],
  ["one position", ablate({ axis: 1, indices: [1] }), [3, 4, 2, 2, 7, 8]],
  ["two of them", ablate({ axis: 1, indices: [2, 0] }), [2, 2, 5, 6, 2, 2]],
  ["an axis from the end", ablate({ axis: -1, indices: [0] }), [2, 4, 2, 6, 2, 8]],
  ["everything, by its mean", ablate({ mean: [0, 1] }), [5, 6, 5, 6, 5, 6]],
  ["one position, by the mean of all", ablate({ axis: 1, indices: [0], mean: 1 }), [5, 6, 5, 6, 7, 8]],
  ["one feature, by the mean of the row", ablate({ axis: 2, indices: [1], mean: -1 }), [3, 3.5, 5, 5.5, 7, 7.5]],
])("ablation of %s", async (_, tap, expected) => {
  expect(await runWith({ "layers.0.output": tap })).toEqual(expected);
});

test("ablation hides NaN, and patterns reach several taps", async () => {
  const broken = tensor([NaN, 1, Infinity, 2], [1, 2, 2], on);
  expect(await runWith({ "layers.*.output": ablate() }, broken)).toEqual([1, 1, 1, 1]);
  expect(await runWith({ "**": ablate({ axis: 2, indices: [0] }) }, broken)).toEqual([1, 3, 1, 4]);
});

test("a direction is added, as strongly as asked for, wherever the pattern fits", async () => {
  const up = tensor([0, 1], [2], on);
  expect(await runWith({ "layers.1.output": addDirection(up) })).toEqual([3, 5, 5, 7, 7, 9]);
  expect(await runWith({ "layers.*.output": addDirection(up, -2) })).toEqual([3, 0, 5, 2, 7, 4]);
});

test("they compose: in the order given, and with trace", async () => {
  const up = tensor([0, 1], [2], on);
  const taps = { "layers.0.*": ablate(), "layers.0.output": addDirection(up, 3) };
  expect(await runWith(taps)).toEqual([2, 5, 2, 5, 2, 5]);
  const traced = patch(model, taps, () => trace(model, ["layers.1.output"], () => model.forward(x)));
  expect([...(await traced.taps["layers.1.output"]![0]!.read())]).toEqual([1, 4, 1, 4, 1, 4]);
});

test("gradients flow past what is ablated and along what is added, and not through what is replaced", async () => {
  const up = tensor([0, 1], [2], on);
  const gradientWith = async (tap: Tap): Promise<number | undefined> => {
    const { gradients } = patch(model, { "layers.0.output": tap }, () =>
      valueAndGrad(model, () => add(sum(model.forward(x)), reshape(mul(model.scale.value, 0), []))),
    );
    return (await gradients.get(model.scale)!.read())[0];
  };
  expect(await gradientWith((y) => y)).toBe(21);
  expect(await gradientWith(ablate())).toBe(0);
  expect(await gradientWith(ablate({ axis: 2, indices: [0] }))).toBe(12);
  expect(await gradientWith(ablate({ mean: [1] }))).toBe(21);
  expect(await gradientWith(addDirection(up, 5))).toBe(21);
  expect(await gradientWith(replace(x))).toBe(0);
});

test("what cannot be is refused", () => {
  const run = (tap: Tap) => () => scoped(() => patch(model, { "layers.0.output": tap }, () => model.forward(x)));
  expect(errorOf(() => ablate({ axis: 1 }), "ConfigError")).toBe(
    "ablate: axis and indices go together, one says along which axis the other counts; got one",
  );
  expect(errorOf(() => ablate({ indices: [1] }), "ConfigError")).toContain("go together");
  expect(errorOf(() => ablate({ axis: 0.5, indices: [0] }), "ConfigError")).toBe(
    "ablate: axis must be a whole number, got 0.5",
  );
  expect(errorOf(() => ablate({ axis: 0, indices: [] }), "ConfigError")).toBe(
    "ablate: indices must be whole numbers from 0 up, at least one, got []",
  );
  expect(errorOf(() => ablate({ axis: 0, indices: [-1] }), "ConfigError")).toContain("got [-1]");
  expect(errorOf(run(ablate({ axis: 3, indices: [0] })), "ShapeError")).toBe(
    "ablate: what passes layers.0.output is [1, 3, 2] and has no axis 3",
  );
  expect(errorOf(run(ablate({ axis: -2, indices: [3] })), "ShapeError")).toBe(
    "ablate: what passes layers.0.output is [1, 3, 2], so along axis -2 there is no index 3",
  );
  expect(errorOf(run(ablate({ mean: [0, 3] })), "ShapeError")).toBe(
    "ablate: what passes layers.0.output is [1, 3, 2], which has not all of the axes [0, 3]",
  );
  expect(errorOf(() => addDirection(tensor([1], [1], on), NaN), "ConfigError")).toBe(
    "addDirection: strength must be a finite number, got NaN",
  );
  expect(errorOf(() => addDirection(tensor([1, 2], [1, 2], on)), "ShapeError")).toBe(
    "addDirection: the direction must be [d], got [1, 2]",
  );
  expect(errorOf(run(addDirection(tensor([1], [1], on))), "ShapeError")).toBe(
    "addDirection: the direction is [1], but what passes layers.0.output is [1, 3, 2]",
  );
});
