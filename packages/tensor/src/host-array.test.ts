import { describe, expect, test } from "vitest";

import { cpu } from "./cpu/cpu.ts";
import { tensor, zeros } from "./create.ts";
import type { DType, TypedArray } from "./dtype.ts";
import { hostLength } from "./host-array.ts";
import { cast } from "./ops/cast.ts";
import { concat } from "./ops/concat.ts";
import { permute } from "./ops/permute.ts";
import { random } from "./random.ts";
import { promiseBackend } from "./testing/promise-backend.ts";

const on = cpu();
const Halves = (globalThis as { Float16Array?: new (values: number[]) => ArrayLike<number> }).Float16Array;
const all = Uint16Array.from({ length: 0x10000 }, (_, i) => i);
const bitsOf = (values: TypedArray): Uint32Array => new Uint32Array((values as Float32Array).buffer);
const code = (f: () => unknown): string => {
  try {
    f();
  } catch (error) {
    return String(error);
  }
  return "no error";
};

describe.each(["f16", "bf16"] as const)("all 65,536 patterns of %s", (dtype) => {
  test.each([
    ["in single precision", () => cpu()],
    ["in double precision", () => cpu({ precision: "f64" })],
    ["on a backend of promises", () => promiseBackend(random(2))],
  ])("keep every bit, uploaded as bits, read as values, uploaded as values, moved, %s", async (_, create) => {
    const backend = create();
    const first = await tensor(all, [256, 256], backend, dtype).read();
    const again = tensor(first, [256, 256], backend, dtype);
    expect(bitsOf(await again.read())).toEqual(bitsOf(first));
    const there = permute(again, [1, 0]);
    expect(bitsOf(await permute(there, [1, 0]).read())).toEqual(bitsOf(first));
    const twice = await concat([again, again], 0).read();
    expect(bitsOf(twice).subarray(0x10000)).toEqual(bitsOf(first));
    const numbers = first.map((value) => (Number.isNaN(value) ? 0 : value));
    const wide = tensor(numbers, [256, 256], backend);
    expect(await cast(cast(wide, dtype), "f32").read()).toEqual(await wide.read());
  });
});

describe("tensor()", () => {
  test("rounds floats once, from doubles", async () => {
    const x = 1 + 2 ** -11 + 2 ** -40; // f32 drops the last bit, and the rest is a tie
    expect(await tensor([x], [1], on, "f16").read()).toEqual(Float32Array.of(1 + 2 ** -10));
    expect(await tensor(Float64Array.of(x), [1], on, "f16").read()).toEqual(Float32Array.of(1 + 2 ** -10));
    expect(await tensor(Float32Array.of(x), [1], on, "f16").read()).toEqual(Float32Array.of(1));
    expect(await tensor(Int32Array.of(2 ** 24 + 1, 2 ** 24 + 3), [2], on).read()).toEqual(
      Float32Array.of(2 ** 24, 2 ** 24 + 4), // numbers, rounded to nearest even as any others
    );
  });
  test.skipIf(Halves === undefined)("takes the engine's own halves", async () => {
    const x = tensor(new Halves!([0.1, 65504, -0]), [3], on, "f16");
    expect(await x.read()).toEqual(Float32Array.from(new Halves!([0.1, 65504, -0])));
  });
  test("u8 holds 0 to 255", async () => {
    expect(await tensor([0, 255], [2], on, "u8").read()).toEqual(Uint8Array.of(0, 255));
    expect(await zeros([2], on, "u8").read()).toEqual(new Uint8Array(2));
  });
  test("q8 holds levels in a byte, q4 two to a byte, the even one in the low bits", async () => {
    expect(await tensor([-127, 127, 0], [1, 3], on, "q8").read()).toEqual(Int8Array.of(-127, 127, 0));
    expect(await tensor([-8, 7, 0, 1], [1, 4], on, "q4").read()).toEqual(Uint8Array.of(0xf0, 0x98));
    expect(await zeros([2, 2], on, "q4").read()).toEqual(Uint8Array.of(0x88, 0x88));
    expect(on.upload(Uint8Array.of(0xf0, 0x98), { dtype: "q4", shape: [1, 4] }).shape).toEqual([1, 4]);
  });
  test("refuses what the dtype does not hold", () => {
    const refused: [number, DType][] = [
      [256, "u8"],
      [-1, "u8"],
      [0.5, "u8"],
      [NaN, "u8"],
      [-(2 ** 31) - 1, "i32"],
      [Infinity, "i32"],
      [-128, "q8"],
      [128, "q8"],
      [0.5, "q8"],
      [8, "q4"],
      [-9, "q4"],
      [2, "bool"],
    ];
    expect(refused.map(([x, dtype]) => code(() => tensor([0, x], [1, 2], on, dtype)))).toMatchInlineSnapshot(`
      [
        "DTypeError: element 1 is 256, which is no u8: expected a whole number from 0 to 255",
        "DTypeError: element 1 is -1, which is no u8: expected a whole number from 0 to 255",
        "DTypeError: element 1 is 0.5, which is no u8: expected a whole number from 0 to 255",
        "DTypeError: element 1 is NaN, which is no u8: expected a whole number from 0 to 255",
        "DTypeError: element 1 is -2147483649, which is no i32: expected a whole number from -2147483648 to 2147483647",
        "DTypeError: element 1 is Infinity, which is no i32: expected a whole number from -2147483648 to 2147483647",
        "DTypeError: element 1 is -128, which is no q8: expected a whole number from -127 to 127",
        "DTypeError: element 1 is 128, which is no q8: expected a whole number from -127 to 127",
        "DTypeError: element 1 is 0.5, which is no q8: expected a whole number from -127 to 127",
        "DTypeError: element 1 is 8, which is no q4: expected a whole number from -8 to 7",
        "DTypeError: element 1 is -9, which is no q4: expected a whole number from -8 to 7",
        "DTypeError: element 1 is 2, which is no bool: expected a whole number from 0 to 1",
      ]
    `);
    expect(code(() => tensor([1, 2, 3], [1, 3], on, "q4"))).toMatchInlineSnapshot(
      `"ShapeError: q4 packs two levels into a byte, so its last axis must be even, got [1, 3]"`,
    );
    expect(code(() => tensor([1], [], on, "q4"))).toMatchInlineSnapshot(
      `"ShapeError: q4 packs two levels into a byte, so its last axis must be even, got []"`,
    );
    expect(hostLength({ dtype: "q4", shape: [0, 2] })).toBe(0);
  });
});

describe("upload", () => {
  const arrays: readonly TypedArray[] = [
    new Float32Array(2),
    new Float64Array(2),
    new Int32Array(2),
    new Uint8Array(2),
    new Uint16Array(2),
    new Int8Array(2),
  ];
  test("takes the arrays of each dtype and converts no other", () => {
    const taken = (dtype: DType): string[] =>
      arrays
        .filter((data) => {
          const error = code(() => on.upload(data, { dtype, shape: [dtype === "q4" ? 4 : 2] }));
          expect(error).toMatch(/^no error$|^DTypeError: /);
          return error === "no error";
        })
        .map((data) => data[Symbol.toStringTag]);
    expect(taken("f32")).toEqual(["Float32Array", "Float64Array"]);
    expect(taken("f16")).toEqual(["Float32Array", "Float64Array", "Uint16Array"]);
    expect(taken("bf16")).toEqual(["Float32Array", "Float64Array", "Uint16Array"]);
    expect(taken("i32")).toEqual(["Int32Array"]);
    expect(taken("u8")).toEqual(["Uint8Array"]);
    expect(taken("bool")).toEqual(["Uint8Array"]);
    expect(taken("q8")).toEqual(["Int8Array"]);
    expect(taken("q4")).toEqual(["Uint8Array"]);
  });
  test("says what it takes, and holds nothing of what it refused", async () => {
    const fresh = cpu();
    expect(code(() => fresh.upload(Float32Array.of(0.5), { dtype: "i32", shape: [1] }))).toMatchInlineSnapshot(
      `"DTypeError: i32 [1] is uploaded from Int32Array, got Float32Array; tensor() takes any numbers, and checks each"`,
    );
    expect(code(() => fresh.upload(new Float32Array(3), { dtype: "f32", shape: [2, 2] }))).toMatchInlineSnapshot(
      `"ShapeError: f32 [2, 2] is uploaded from 4 elements, got Float32Array of 3"`,
    );
    expect(code(() => fresh.upload(new Uint8Array(4), { dtype: "q4", shape: [1, 4] }))).toMatchInlineSnapshot(
      `"ShapeError: q4 [1, 4] is uploaded from 2 elements, got Uint8Array of 4"`,
    );
    expect(fresh.memory()).toEqual({ tensors: 0, bytes: 0 });
    const late = fresh.upload(Promise.resolve(new Int32Array(1)), { dtype: "f16", shape: [1] });
    await expect(late.read()).rejects.toThrowErrorMatchingInlineSnapshot(
      `[BackendError: an upload to cpu failed: f16 [1] is uploaded from Float32Array or Float64Array or Uint16Array, got Int32Array; tensor() takes any numbers, and checks each]`,
    );
  });
});
