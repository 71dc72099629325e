import { expect, test } from "vitest";

import { cpu } from "./cpu/cpu.ts";
import { Variable } from "./variable.ts";

test("a variable begins with other values, made when needed, whatever it was assigned before", async () => {
  let made = 0;
  const variable = new Variable({ dtype: "f32", shape: [2] }, () => Float32Array.of(1, 2));
  variable.assign(Float32Array.of(3, 4));
  variable.begin(() => {
    made++;
    return Float32Array.of(5, 6);
  });
  expect(made).toBe(0);
  const on = cpu();
  await variable.place(on);
  expect([await variable.host(), made]).toEqual([Float32Array.of(5, 6), 1]);
  variable.begin(() => Float32Array.of(7, 8));
  expect(await variable.host()).toEqual(Float32Array.of(7, 8));
  expect(on.memory().tensors).toBe(1);
  expect(() => variable.begin(() => new Float32Array(3))).toThrow("has 2 elements, got 3");
  expect(await variable.host()).toEqual(Float32Array.of(7, 8));
  variable[Symbol.dispose]();
  variable.begin(() => Float32Array.of(9, 9));
  expect(await variable.host()).toEqual(Float32Array.of(9, 9));
});
