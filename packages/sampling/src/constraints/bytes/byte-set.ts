/** A set of bytes: bit b is set for byte b. Immutable, comparable with `===`, and 256 bits wide, as a `bigint` is for free. */
export type ByteSet = bigint;

/** The bytes from `first` to `last`. */
export function byteRange(first: number, last: number): ByteSet {
  return ((1n << BigInt(last - first + 1)) - 1n) << BigInt(first);
}

export function hasByte(set: ByteSet, byte: number): boolean {
  return ((set >> BigInt(byte)) & 1n) === 1n;
}
