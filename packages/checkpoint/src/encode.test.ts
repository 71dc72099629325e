import { expect, test } from "vitest";

import { decode, type StoredValues } from "./decode.ts";
import { type EncodeOptions, encodeTensor } from "./encode.ts";

const again = (values: StoredValues, options?: EncodeOptions): StoredValues => {
  const { dtype, bytes } = encodeTensor(values, [values.length], options);
  return decode(dtype, bytes)!;
};

test("every array type has a dtype that holds it exactly", () => {
  const arrays: [string, StoredValues][] = [
    ["F64", Float64Array.of(0.1, -0)],
    ["F32", Float32Array.of(0.1, NaN)],
    ["I64", BigInt64Array.of(-(2n ** 63n))],
    ["U64", BigUint64Array.of(2n ** 64n - 1n)],
    ["I32", Int32Array.of(-1)],
    ["U32", Uint32Array.of(2 ** 32 - 1)],
    ["I16", Int16Array.of(-1)],
    ["U16", Uint16Array.of(65535)],
    ["I8", Int8Array.of(-1)],
    ["U8", Uint8Array.of(255)],
  ];
  for (const [dtype, values] of arrays) {
    expect(encodeTensor(values, [values.length]).dtype).toBe(dtype);
    expect(again(values)).toEqual(values);
  }
});

test("the result is a copy", () => {
  const values = Float32Array.of(1);
  const { bytes } = encodeTensor(values, []);
  values[0] = 2;
  expect([...bytes]).toEqual([0, 0, 128, 63]);
});

test("doubles are rounded to the float that is asked for", () => {
  expect(again(Float64Array.of(0.1), { dtype: "F32" })).toEqual(Float32Array.of(0.1));
  expect(again(Float64Array.of(2049), { dtype: "F16" })).toEqual(Float32Array.of(2048));
  expect(again(Float32Array.of(257), { dtype: "BF16" })).toEqual(Float32Array.of(256));
  expect(again(Float32Array.of(1.5), { dtype: "F64" })).toEqual(Float64Array.of(1.5));
});

test("a finite number that overflows is refused, naming tensor, element, limit and way out", () => {
  expect(() => encodeTensor(Float32Array.of(0, -65520), [2], { dtype: "F16", name: "w" })).toThrow(
    'tensor "w": element 1 is -65520, beyond ±65504, the largest F16. Store it as BF16 or F32, or choose overflow: "saturate".',
  );
  expect(() => encodeTensor(Float32Array.of(3.4e38), [1], { dtype: "BF16" })).toThrow("the largest BF16");
  expect(() => encodeTensor(Float64Array.of(1e39), [1], { dtype: "F32" })).toThrow("the largest F32");
  expect(() => encodeTensor(Float64Array.of(1e39), [1], { dtype: "F16" })).toThrow("the largest F16");
  // Rounds to the single 65520 first, and from there to infinity.
  expect(() => encodeTensor(Float64Array.of(65519.9999999), [1], { dtype: "F16" })).toThrow("the largest F16");
});

test("overflow can saturate or become infinity; numbers that fit, infinities and NaN stay what they are", () => {
  const values = Float32Array.of(65519, 65520, -1e6, Infinity, NaN, 1);
  expect(again(values, { dtype: "F16", overflow: "saturate" })).toEqual(
    Float32Array.of(65504, 65504, -65504, Infinity, NaN, 1),
  );
  expect(again(values, { dtype: "F16", overflow: "infinity" })).toEqual(
    Float32Array.of(65504, Infinity, -Infinity, Infinity, NaN, 1),
  );
  expect(again(Float32Array.of(Infinity, 65504), { dtype: "F16" })).toEqual(Float32Array.of(Infinity, 65504));
  expect(again(Float64Array.of(-1e39, 0.5), { dtype: "F32", overflow: "saturate" })).toEqual(
    Float32Array.of(-3.4028234663852886e38, 0.5),
  );
  expect(again(Float32Array.of(3.4e38), { dtype: "BF16", overflow: "saturate" })).toEqual(
    Float32Array.of(3.3895313892515355e38),
  );
  expect(values[1]).toBe(65520);
});

test("a shape that does not fit, and an impossible one, are refused", () => {
  expect(() => encodeTensor(new Float32Array(3), [2, 2], { name: "w" })).toThrow(
    'tensor "w": shape [2, 2] has 4 elements, but 3 numbers came.',
  );
  expect(() => encodeTensor(new Float32Array(3), [-3])).toThrow(
    "a tensor: shape [-3] has no possible number of elements",
  );
});

test("a dtype that the array cannot be stored in is refused", () => {
  expect(() => encodeTensor(Int32Array.of(1), [1], { dtype: "F32", name: "w" })).toThrow(
    'tensor "w": cannot store Int32Array as F32; Int32Array can be stored as I32.',
  );
  expect(() => encodeTensor(Float32Array.of(1), [1], { dtype: "F8_E4M3" })).toThrow(
    "can be stored as F32, F64, F16, BF16",
  );
  expect(() => encodeTensor([1] as never, [1])).toThrow(
    "cannot store Array as any dtype; numbers come in one of Float64Array,",
  );
  expect(() => encodeTensor(Float32Array.of(1), [1], { overflow: "wrap" as never })).toThrow(
    'overflow is "wrap"; expected one of "refuse", "saturate", "infinity".',
  );
});

test("a BOOL is 0 or 1", () => {
  expect(again(Uint8Array.of(0, 1), { dtype: "BOOL" })).toEqual(Uint8Array.of(0, 1));
  expect(() => encodeTensor(Uint8Array.of(0, 2), [2], { dtype: "BOOL", name: "w" })).toThrow(
    'tensor "w": element 1 of a BOOL is 2; expected 0 or 1.',
  );
});
