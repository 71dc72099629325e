import { bfloat16ToFloat32, float16ToFloat32 } from "@tenon/tensor";

import type { SafetensorsDType } from "./dtypes.ts";

/** The arrays in which JavaScript holds every element of a stored tensor exactly. */
export type StoredValues =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

const decoders: { readonly [K in SafetensorsDType]?: (bytes: Uint8Array) => StoredValues } = {
  BOOL: (bytes) => new Uint8Array(bytes),
  U8: (bytes) => new Uint8Array(bytes),
  I8: (bytes) => new Int8Array(nativeOrder(bytes, 1)),
  I16: (bytes) => new Int16Array(nativeOrder(bytes, 2)),
  U16: (bytes) => new Uint16Array(nativeOrder(bytes, 2)),
  F16: (bytes) => float16ToFloat32(new Uint16Array(nativeOrder(bytes, 2))),
  BF16: (bytes) => bfloat16ToFloat32(new Uint16Array(nativeOrder(bytes, 2))),
  I32: (bytes) => new Int32Array(nativeOrder(bytes, 4)),
  U32: (bytes) => new Uint32Array(nativeOrder(bytes, 4)),
  F32: (bytes) => new Float32Array(nativeOrder(bytes, 4)),
  F64: (bytes) => new Float64Array(nativeOrder(bytes, 8)),
  I64: (bytes) => new BigInt64Array(nativeOrder(bytes, 8)),
  U64: (bytes) => new BigUint64Array(nativeOrder(bytes, 8)),
};

/** The dtypes that become numbers; the others are carried as bytes. */
export const decodable: readonly SafetensorsDType[] = Object.keys(decoders) as SafetensorsDType[];

/** The elements in a new array, each exactly; undefined for a dtype that is carried as bytes only. */
export const decode = (dtype: SafetensorsDType, bytes: Uint8Array): StoredValues | undefined =>
  decoders[dtype]?.(bytes);

const littleEndianHost = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A copy, aligned for any array type, of elements that are stored little-endian: in the byte order of this machine, or back. */
export function nativeOrder(bytes: Uint8Array, width: number, swap: boolean = !littleEndianHost): ArrayBuffer {
  const copy = new Uint8Array(bytes);
  if (swap && width > 1) for (let i = 0; i < copy.length; i += width) copy.subarray(i, i + width).reverse();
  return copy.buffer;
}

/** The 16-bit elements of little-endian bytes, without a copy where these lie as the machine would have them. */
export function halvesOf(bytes: Uint8Array): Uint16Array {
  if (!littleEndianHost || bytes.byteOffset % 2 !== 0) return new Uint16Array(nativeOrder(bytes, 2));
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}
