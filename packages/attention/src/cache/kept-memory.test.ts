import { normal, Parameter, Part, valueAndGrad } from "@tenon/nn";
import { cpu, findLeaks, mean, mul, ones, random, Scope, scoped, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { refusal } from "../../test/caches.ts";
import { KeptMemory } from "./kept-memory.ts";

const on = cpu();
const rows = (): Tensor => tensor([1, 2, 3, 4], [2, 2], on);

test("makes it once, and keeps it when the scope that it was made in is gone", async () => {
  let made = 0;
  using cache = new KeptMemory();
  const make = () => {
    made++;
    return { keys: mul(rows(), 2), values: rows() };
  };
  for (let pass = 0; pass < 3; pass++) {
    using scope = new Scope();
    const { keys, values } = scope.run(() => cache.once(make));
    expect(await keys!.read()).toEqual(Float32Array.of(2, 4, 6, 8));
    expect(await values!.read()).toEqual(Float32Array.of(1, 2, 3, 4));
  }
  expect(made).toBe(1);
  cache.reset();
  scoped(() => void cache.once(make));
  expect(made).toBe(2);
});

test("selects rows, forks, and keeps a tensor with two names once", async () => {
  const on = cpu();
  using cache = new KeptMemory();
  scoped(() => {
    const x = tensor([1, 2, 3, 4], [2, 2], on);
    cache.once(() => ({ keys: x, values: x }));
  });
  expect(on.memory()).toEqual({ tensors: 1, bytes: 16 });
  const never = (): never => {
    throw new Error("it was made before");
  };
  const other = cache.fork();
  expect(on.memory()).toEqual({ tensors: 1, bytes: 16 });
  other.select([1, 1, 0]);
  expect(on.memory()).toEqual({ tensors: 2, bytes: 16 + 24 });
  expect(await other.once(never).values!.read()).toEqual(Float32Array.of(3, 4, 3, 4, 1, 2));
  expect(await cache.once(never).keys!.read()).toEqual(Float32Array.of(1, 2, 3, 4));
  expect(refusal(() => cache.select([2]))).toBe("ConfigError: KeptMemory: rows must be some of 0 to 1, got 2");
  other[Symbol.dispose]();
  other[Symbol.dispose]();
  cache[Symbol.dispose]();
  expect(on.memory().tensors).toBe(0);
  cache.select([0]); // nothing to select from
  using empty = cache.fork();
  expect(scoped(() => empty.once(() => ({ keys: ones([1], on) })).keys!.shape)).toEqual([1]);
});

test("leaves nothing behind when it is disposed, or what it keeps cannot be made", async () => {
  const { leaks } = await findLeaks(() => {
    using cache = new KeptMemory();
    const broken = (): never => {
      rows();
      throw new Error("no memory");
    };
    expect(() => cache.once(broken)).toThrow("no memory");
    scoped(() => void cache.once(() => ({ keys: mul(rows(), 2), values: rows() })));
    cache.select([1]);
    cache.reset();
    scoped(() => void cache.once(() => ({ keys: rows() })));
  });
  expect(leaks).toEqual([]);
});

test("is refused where gradients are taken, and stays empty", async () => {
  class Scale extends Part {
    readonly by: Parameter = new Parameter([2], normal(random(1), 1));
  }
  const on = cpu();
  const scale = await new Scale().to(on);
  using x = ones([2, 2], on);
  using cache = new KeptMemory();
  const { tensors } = on.memory();
  const make = () => ({ plain: x, keys: mul(x, scale.by.value) });
  expect(refusal(() => valueAndGrad(scale, () => mean(cache.once(make).keys!)))).toBe(
    "GradientError: KeptMemory: a cache is for inference, since what is cached has no gradient; leave it out within valueAndGrad()",
  );
  expect(on.memory().tensors).toBe(tensors);
  expect(scoped(() => cache.once(make).keys!.shape)).toEqual([2, 2]);
});
