import { expect, test } from "vitest";

import { cpu } from "./cpu/cpu.ts";
import { mul } from "./ops/arithmetic.ts";
import { random } from "./random.ts";
import { promiseBackend } from "./testing/promise-backend.ts";
import { Variable } from "./variable.ts";

const type = { dtype: "f32", shape: [2] } as const;

test("before it is placed: other values of another shape, copied", async () => {
  const variable = new Variable(type, () => Float32Array.of(1, 2));
  const data = Float32Array.of(1, 2, 3);
  variable.assign(data, [3, 1]);
  data.fill(0);
  expect(variable.type).toEqual({ dtype: "f32", shape: [3, 1] });
  await variable.place(cpu());
  expect(variable.value.shape).toEqual([3, 1]);
  expect(await variable.host()).toEqual(Float32Array.of(1, 2, 3));
});
test("on a backend: it stays the same variable there, and the old tensor is freed", async () => {
  const on = promiseBackend(random(1));
  const variable = new Variable(type, () => Float32Array.of(1, 2));
  await variable.place(on);
  variable.assign(Float32Array.of(7), [1]);
  expect(variable.value.backend).toBe(on);
  expect(variable.value.shape).toEqual([1]);
  expect(await variable.host()).toEqual(Float32Array.of(7));
  expect(on.memory().tensors).toBe(1);
});
test("refuses what does not fit, and then nothing has changed", async () => {
  const variable = new Variable(type, () => Float32Array.of(1, 2));
  await variable.place(cpu());
  const refused = (body: () => unknown, message: string): void => {
    expect(body).toThrow(message);
    expect(variable.type.shape).toEqual([2]);
  };
  refused(() => variable.assign(Float32Array.of(1, 2), [3]), "a variable [3] has 3 elements, got 2");
  refused(() => variable.assign(Float32Array.of(1), [-1]), "a shape has whole sizes from 0 up, got [-1]");
  refused(() => variable.assign(Int32Array.of(1, 2, 3), [3]), "f32 [3] is uploaded from Float32Array");
  Variable.lend(
    [variable],
    (value) => mul(value, 2),
    () => refused(() => variable.assign(Float32Array.of(1), [1]), "while it is being differentiated"),
  );
  expect(await variable.host()).toEqual(Float32Array.of(1, 2));
});
test("it becomes one of another dtype, where it is, and moves as such", async () => {
  const variable = new Variable(type, () => Float32Array.of(1, 2));
  variable.become({ dtype: "q8", shape: [1, 2] }, Int8Array.of(3, -4));
  expect(await variable.host()).toEqual(Int8Array.of(3, -4));
  const [on, other] = [promiseBackend(random(1)), cpu()];
  await variable.place(on);
  variable.become({ dtype: "q4", shape: [1, 4] }, Uint8Array.of(0x12, 0x34));
  expect([variable.value.dtype, variable.value.backend, on.memory().tensors]).toEqual(["q4", on, 1]);
  await variable.place(other);
  expect([variable.value.type, await variable.host()]).toEqual([
    { dtype: "q4", shape: [1, 4] },
    Uint8Array.of(0x12, 0x34),
  ]);
  expect(() => variable.become({ dtype: "q8", shape: [1, 4] }, Int8Array.of(1, 2))).toThrow("has 4 elements, got 2");
  expect(() => variable.become({ dtype: "q8", shape: [2] }, Float32Array.of(1, 2))).toThrow(
    "q8 [2] is uploaded from Int8Array, got Float32Array",
  );
  expect(variable.type).toEqual({ dtype: "q4", shape: [1, 4] });
});
