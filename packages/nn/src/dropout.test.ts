import { cpu, mean, mul, random, sizeOf, sum, tensor, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { checkGradients } from "./check-gradients.ts";
import { Dropout, withDropout } from "./dropout.ts";
import { ones } from "./initial/initial.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { valueAndGrad } from "./value-and-grad.ts";

class Model extends Module<[], Tensor> {
  readonly x: Parameter = new Parameter([4, 8], ones);
  readonly first: Dropout = new Dropout(0.5);
  readonly second: Dropout = new Dropout(0.5);
  protected override compute(): Tensor {
    return mul(this.first.forward(this.x.value), this.second.forward(this.x.value));
  }
}
const run = (model: Model, seed: number, step: number): ReturnType<Tensor["read"]> =>
  withDropout(model, random(seed), step, () => model.forward()).read();

test("off by default, and after the body, also when it throws", async () => {
  const model = await new Model().to(cpu());
  const all = new Float32Array(32).fill(1);
  expect(await model.forward().read()).toEqual(all);
  expect(() =>
    withDropout(model, random(1), 0, () => {
      throw new RangeError("no");
    }),
  ).toThrow(RangeError);
  expect(await model.forward().read()).toEqual(all);
});

test("what is dropped is a function of seed, path and step", async () => {
  const model = await new Model().to(cpu());
  const once = await run(model, 1, 0);
  expect(await run(model, 1, 0)).toEqual(once);
  expect(await run(model, 1, 1)).not.toEqual(once);
  expect(await run(model, 2, 0)).not.toEqual(once);
  // Each path has its own mask: of 32 places about a quarter pass both, and none would if they were equal and scaled by 2.
  expect(new Set(once)).toEqual(new Set([0, 4]));
  expect(once.filter((value) => value > 0).length).toBeLessThan(14);
});

test("a dropout that is passed twice draws anew", async () => {
  const part = new Dropout(0.5);
  const x = tensor(new Float32Array(64).fill(1), [64], cpu());
  const [a, b] = withDropout(part, random(1), 0, () => [part.forward(x), part.forward(x)] as const);
  expect(await a.read()).not.toEqual(await b.read());
});

test("only the model's own dropouts are turned on, those of an enclosing call stay on", async () => {
  const [inner, outer, other] = [new Dropout(0.5), new Dropout(0.5), new Dropout(0.5)] as const;
  const on = cpu();
  const x = tensor(new Float32Array(64).fill(1), [64], on);
  const totals = withDropout(outer, random(1), 0, () =>
    withDropout(inner, random(1), 0, () => [inner, outer, other].map((part) => sum(part.forward(x)))),
  );
  const read = await Promise.all(totals.map(async (total) => (await total.read())[0]!));
  expect(read[0]).not.toBe(64);
  expect(read[1]).not.toBe(64);
  expect(read[2]).toBe(64);
});

test("the mean stays, and gradients pass through the same mask", async () => {
  const on = cpu({ precision: "f64" });
  const part = new Dropout(0.25);
  const big = withDropout(part, random(1), 0, () =>
    mean(part.forward(tensor(new Float64Array(4000).fill(1), [4000], on))),
  );
  expect((await big.read())[0]).toBeCloseTo(1, 1);
  const model = await new Model().to(on);
  await checkGradients(model, () => withDropout(model, random(1), 3, () => sum(mul(model.forward(), model.forward()))));
});

test("rate 0 passes through even when on", async () => {
  const part = new Dropout(0);
  const x = tensor([1, 2], [2], cpu());
  expect(await withDropout(part, random(1), 0, () => part.forward(x)).read()).toEqual(Float32Array.of(1, 2));
});

describe("with axes, what they number is dropped as a whole", () => {
  const on = cpu();
  const shape = [16, 8, 2, 3];
  const x = tensor(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => i + 1),
    shape,
    on,
  );
  const factors = async (axes: number | undefined): Promise<number[][]> => {
    const part = new Dropout(0.5, { axes });
    const y = await withDropout(part, random(1), 0, () => part.forward(x)).read();
    const size = sizeOf(shape.slice(axes ?? shape.length));
    return Array.from({ length: y.length / size }, (_, entry) => [
      ...new Set(Array.from({ length: size }, (_, i) => y[entry * size + i]! / (entry * size + i + 1))),
    ]);
  };
  test.each([
    ["samples", 1, 16],
    ["channels", 2, 128],
    ["elements", 4, 768],
    ["elements where x has fewer axes", 9, 768],
  ])("%s", async (_, axes, entries) => {
    const found = await factors(axes);
    expect(found).toHaveLength(entries);
    expect(new Set(found.flat())).toEqual(new Set([0, 2]));
    for (const factor of found) expect(factor).toHaveLength(1);
  });
  test("which elements fall does not depend on whether their number is said", async () => {
    expect(await factors(4)).toEqual(await factors(undefined));
  });
  test("the gradient passes where the values do, and half precision stays half", async () => {
    const model = await new Model().to(on);
    const part = new Dropout(0.5, { axes: 1 });
    const { gradients } = withDropout(part, random(2), 0, () =>
      valueAndGrad(model, () => sum(part.forward(model.x.value))),
    );
    const expected = withDropout(part, random(2), 0, () => part.forward(model.x.value));
    const values = await expected.read();
    expect(new Set(values)).toEqual(new Set([0, 2]));
    expect(await gradients.get(model.x)!.read()).toEqual(values);
    const half = tensor([1, 2, 3, 4], [2, 2], on, "f16");
    expect(withDropout(part, random(2), 0, () => part.forward(half)).dtype).toBe("f16");
  });
});

test("bad rates, steps and asynchronous bodies are refused", () => {
  for (const rate of [1, -0.1, Number.NaN]) {
    expect(() => new Dropout(rate)).toThrow(`Dropout: rate must be at least 0 and below 1, got ${rate}`);
  }
  expect(() => new Dropout(0.1, { axes: 0 })).toThrow("Dropout: axes must be a whole number from 1 up, got 0");
  const part = new Dropout(0.1);
  expect(() => withDropout(part, random(1), -1, () => 0)).toThrow("step must be a whole number from 0 up, got -1");
  expect(() => withDropout(part, random(1), 0, () => Promise.resolve())).toThrow("withDropout() got a promise");
});

test("works around valueAndGrad and leaves nothing behind", async () => {
  const on = cpu();
  const model = await new Model().to(on);
  const before = on.memory().tensors;
  const { value, gradients } = withDropout(model, random(1), 0, () => valueAndGrad(model, () => mean(model.forward())));
  expect(gradients.size).toBe(1);
  value[Symbol.dispose]();
  for (const gradient of gradients.values()) gradient[Symbol.dispose]();
  expect(on.memory().tensors).toBe(before);
});
