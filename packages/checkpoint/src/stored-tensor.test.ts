import { expect, test } from "vitest";

import { nativeOrder, type StoredValues } from "./decode.ts";
import type { SafetensorsDType } from "./dtypes.ts";
import { encodeTensor } from "./encode.ts";
import { StoredTensor } from "./stored-tensor.ts";

const stored = (values: StoredValues, dtype?: SafetensorsDType): StoredTensor =>
  new StoredTensor("f", "w", encodeTensor(values, [values.length], dtype === undefined ? {} : { dtype }));

test("toFloat32 reads every float dtype", () => {
  const values = Float32Array.of(1, -0.5, 3);
  for (const dtype of ["F64", "F32", "F16", "BF16"] as const) expect(stored(values, dtype).toFloat32()).toEqual(values);
  expect(stored(Float64Array.of(0.1)).toFloat32()).toEqual(Float32Array.of(0.1));
});

test("toInt32 reads every integer dtype", () => {
  const arrays = [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array];
  for (const array of arrays) expect(stored(array.of(0, 1, 127)).toInt32()).toEqual(Int32Array.of(0, 1, 127));
  expect(stored(BigInt64Array.of(-(2n ** 31n))).toInt32()).toEqual(Int32Array.of(-(2 ** 31)));
  expect(stored(BigUint64Array.of(5n)).toInt32()).toEqual(Int32Array.of(5));
});

test("toInt32 refuses what an i32 cannot hold", () => {
  expect(() => stored(BigInt64Array.of(0n, 2n ** 31n)).toInt32()).toThrow(
    'f: tensor "w": element 1 is 2147483648, outside of the range of i32. values() reads it exactly.',
  );
  expect(() => stored(BigInt64Array.of(2n ** 62n)).toInt32()).toThrow("outside of the range");
  expect(() => stored(Uint32Array.of(2 ** 32 - 1)).toInt32()).toThrow("outside of the range");
});

test("toBooleans reads BOOL and refuses a byte that is neither 0 nor 1", () => {
  expect(stored(Uint8Array.of(1, 0), "BOOL").toBooleans()).toEqual(Uint8Array.of(1, 0));
  const odd = new StoredTensor("f", "w", { dtype: "BOOL", shape: [2], bytes: Uint8Array.of(1, 2) });
  expect(() => odd.toBooleans()).toThrow('f: tensor "w": element 1 of a BOOL is 2; expected 0 or 1.');
});

test("each method refuses the dtypes it does not read, by name and with the way out", () => {
  const message = 'f: tensor "w" has dtype';
  expect(() => stored(Int32Array.of(1)).toFloat32()).toThrow(
    `${message} I32; toFloat32() reads F32, F16, BF16 and F64. values() reads it exactly.`,
  );
  expect(() => stored(Float32Array.of(1)).toInt32()).toThrow(`${message} F32; toInt32() reads I8, I16`);
  expect(() => stored(Uint8Array.of(1)).toBooleans()).toThrow(`${message} U8; toBooleans() reads BOOL.`);
  for (const dtype of ["F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"] as const) {
    const tensor = new StoredTensor("f", "w", { dtype, shape: [1], bytes: Uint8Array.of(1) });
    expect(() => tensor.toFloat32()).toThrow(
      `${message} ${dtype}; toFloat32() reads F32, F16, BF16 and F64. Store it in one of these, or use its bytes.`,
    );
    expect(() => tensor.toInt32()).toThrow(`${message} ${dtype};`);
    expect(() => tensor.values()).toThrow(`${message} ${dtype}; numbers can be read from BOOL, U8, I8,`);
  }
});

test("what a method returns is the caller's: changing it changes neither the file nor the next call", () => {
  const tensor = stored(Float32Array.of(1));
  tensor.toFloat32()[0] = 5;
  expect(tensor.toFloat32()[0]).toBe(1);
});

test("on a big-endian machine elements are swapped, each in itself", () => {
  expect(new Uint8Array(nativeOrder(Uint8Array.of(1, 2, 3, 4), 2, true))).toEqual(Uint8Array.of(2, 1, 4, 3));
  expect(new Uint8Array(nativeOrder(Uint8Array.of(1, 2, 3, 4), 4, true))).toEqual(Uint8Array.of(4, 3, 2, 1));
});
