/**
 * The element types that a safetensors file can name. Tenon carries all of them as bytes; the
 * {@link StoredTensor} methods say which ones they turn into numbers, and refuse the others by name.
 */
export type SafetensorsDType =
  | "BOOL"
  | "F4"
  | "F6_E2M3"
  | "F6_E3M2"
  | "U8"
  | "I8"
  | "F8_E5M2"
  | "F8_E4M3"
  | "F8_E8M0"
  | "F8_E4M3FNUZ"
  | "F8_E5M2FNUZ"
  | "I16"
  | "U16"
  | "F16"
  | "BF16"
  | "I32"
  | "U32"
  | "F32"
  | "C64"
  | "F64"
  | "I64"
  | "U64";

// The order is the reference implementation's order of alignment: files are written from the last row to the first.
const bits: Readonly<Record<SafetensorsDType, number>> = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
};

/** Every name of the table, smallest alignment first. */
export const safetensorsDTypes: readonly SafetensorsDType[] = Object.keys(bits) as SafetensorsDType[];

const rank: ReadonlyMap<SafetensorsDType, number> = new Map(safetensorsDTypes.map((dtype, i) => [dtype, i]));

export const isSafetensorsDType = (name: unknown): name is SafetensorsDType =>
  typeof name === "string" && Object.hasOwn(bits, name);

/** Negative when `a` is stored before `b`: wider types come first, so that each tensor starts aligned to its own width. */
export const compareDTypes = (a: SafetensorsDType, b: SafetensorsDType): number => rank.get(b)! - rank.get(a)!;

/**
 * Bytes that `elements` elements take, or undefined when they cannot be stored: they end inside a byte (the 4- and 6-bit
 * types), or there are more of them than a whole number of JavaScript can count.
 */
export function byteLength(dtype: SafetensorsDType, elements: number): number | undefined {
  const total = elements * bits[dtype];
  return Number.isSafeInteger(total) && total % 8 === 0 ? total / 8 : undefined;
}
