import { expect, test } from "vitest";

import { hasFarMemory } from "./features.ts";
import { newMemory } from "./memory.ts";
import { Func } from "./func.ts";
import { f32, f32x4, i32 } from "./instructions.ts";
import { assembleWasm } from "./module.ts";
import { signed, unsigned } from "./value.ts";

const limits = { initialPages: 1, maximumPages: 4, shared: false };

test.each([0, 1, 63, 64, 127, 128, 255, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])("LEB128 of %d", (n) => {
  const bytes = unsigned(n);
  expect(bytes.reduce((sum, byte, i) => sum + (byte & 127) * 2 ** (7 * i), 0)).toBe(n);
  expect(bytes.map((byte) => byte >> 7)).toEqual(bytes.map((_, i) => (i < bytes.length - 1 ? 1 : 0)));
});
test.each([
  [0, [0]],
  [-1, [0x7f]],
  [63, [0x3f]],
  [64, [0xc0, 0]],
  [-64, [0x40]],
  [-65, [0xbf, 0x7f]],
  [-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x78]],
])("signed LEB128 of %d", (n, bytes) => expect(signed(n)).toEqual(bytes));

/** Whether addresses have 64 bits: both, where the engine runs both. */
const widths = hasFarMemory() ? [false, true] : [false];
test.each(widths)("control flow does what it says, 64-bit addresses %s", (far) => {
  const f = new Func("run", ["i32"]);
  const n = f.parameter(0, "i32");
  const [i, sum, turns] = f.locals("i32", 3);
  f.for(i, 2, n, 3, () => sum.set(i32.add(sum, i)));
  f.store("i32", 0, sum);
  f.store("i32", 4, i);
  sum.set(i32.of(0));
  f.while(
    () => i32.lt(turns, n),
    () => {
      f.if(
        i32.and(turns, 1),
        () => sum.set(i32.add(sum, 10)),
        () => sum.set(i32.add(sum, 1)),
      );
      turns.set(i32.add(turns, 1));
    },
  );
  f.store("i32", 8, sum);
  f.doWhile(
    () => turns.set(i32.add(turns, 1)),
    () => i32.lt(turns, 3),
  );
  f.store("i32", 12, turns);
  f.store("f32", 16, f.select(i32.gt(n, 5), f32.of(1.5), f32.of(-2)));
  f.store("v128", 32, f.select(i32.gt(n, 5), f32x4.of(1.5), f32x4.of(-2)));
  f.fill(i32.of(48), 7, i32.of(3));
  f.copy(i32.of(52), i32.of(48), i32.of(4));
  const memory = newMemory(1, { ...limits, far });
  const module = new WebAssembly.Module(assembleWasm([f], { ...limits, far }));
  const { run } = new WebAssembly.Instance(module, { env: { memory } }).exports as { run: (n: number) => void };
  const words = new Int32Array(memory.buffer);
  const floats = new Float32Array(memory.buffer);
  run(9);
  expect([...words.subarray(0, 4)]).toEqual([15, 11, 45, 10]);
  expect([...floats.subarray(4, 5), ...floats.subarray(8, 12)]).toEqual([1.5, 1.5, 1.5, 1.5, 1.5]);
  expect([...new Uint8Array(memory.buffer, 48, 8)]).toEqual([7, 7, 7, 0, 7, 7, 7, 0]);
  run(0);
  expect([...words.subarray(0, 4)]).toEqual([0, 2, 0, 3]); // the loop's body never ran; that of doWhile did
  expect(floats[8]).toBe(-2);
});

test.each(widths)("a function calls another, which is not exported, 64-bit addresses %s", (far) => {
  const store = new Func("store", ["i32"]);
  store.store("i32", 8, store.parameter(0, "i32"));
  const f = new Func("run", []);
  f.call(store, i32.of(42));
  expect(() => f.call(store, f32.of(1))).toThrow("run: store takes (i32)");
  const memory = newMemory(1, { ...limits, far });
  const module = new WebAssembly.Module(assembleWasm([f], { ...limits, far }));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  expect(Object.keys(exports)).toEqual(["run"]);
  (exports as { run: () => void }).run();
  expect(new Int32Array(memory.buffer)[2]).toBe(42);
});
