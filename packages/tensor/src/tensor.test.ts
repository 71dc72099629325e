import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";

import { cpu } from "./cpu/cpu.ts";
import { tensor } from "./create.ts";
import { add } from "./ops/arithmetic.ts";

test("a disposed tensor gives its memory back, once", () => {
  const on = cpu();
  const x = tensor([1, 2], [2], on);
  expect(on.memory()).toEqual({ tensors: 1, bytes: 8 });
  x[Symbol.dispose]();
  x[Symbol.dispose]();
  expect(x.alive).toBe(false);
  expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
});

test("`using` disposes at the end of the block", () => {
  const on = cpu();
  {
    using x = tensor([1, 2], [2], on);
    using y = add(x, 1);
    expect(y.alive).toBe(true);
    expect(on.memory().tensors).toBe(2);
  }
  expect(on.memory().tensors).toBe(0);
});

test("a freed tensor can be neither read nor used", async () => {
  const x = tensor([1], [1], cpu());
  x[Symbol.dispose]();
  await expect(x.read()).rejects.toThrowErrorMatchingInlineSnapshot(
    `[BackendError: read of a tensor that was already freed. It left its scope: return it from the scope, or keep() it.]`,
  );
  expect(() => add(x, 1)).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: add: input 0 was already freed. It left its scope: return it from the scope, or keep() it.]`,
  );
  expect(() => add(tensor([1], [1], cpu()), x)).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: add: input 1 was already freed. It left its scope: return it from the scope, or keep() it.]`,
  );
});

test("its type outlives it", () => {
  const x = tensor([1, 2], [1, 2], cpu(), "i32");
  x[Symbol.dispose]();
  expect({ shape: x.shape, dtype: x.dtype, rank: x.rank }).toEqual({ shape: [1, 2], dtype: "i32", rank: 2 });
});

test("a read that began before the tensor was freed still gives its values", async () => {
  const x = tensor([1, 2], [2], cpu());
  const reading = x.read();
  x[Symbol.dispose]();
  expect(await reading).toEqual(Float32Array.of(1, 2));
});

test("the garbage collector catches what nobody freed, and counts nothing twice", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const on = cpu();
  const kept = tensor([7], [1], on);
  (() => {
    for (let i = 0; i < 300; i++) {
      const x = add(kept, i);
      if (i % 3 === 0) x[Symbol.dispose]();
    }
  })();
  expect(on.memory().tensors).toBe(201);
  for (let i = 0; i < 50 && on.memory().tensors > 1; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(on.memory()).toEqual({ tensors: 1, bytes: 4 });
  expect(await kept.read()).toEqual(Float32Array.of(7));
});
