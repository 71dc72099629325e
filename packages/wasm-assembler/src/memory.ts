/** Bytes of a page. */
export const pageBytes = 65_536;
/** The most pages that 32-bit addresses reach: 4 GiB. */
export const nearPages = 65_536;
/** The most that engines give a memory of 64-bit addresses: 16 GiB. */
export const farPages = 262_144;

/** What a memory is to be. */
export interface MemoryOptions {
  readonly shared: boolean;
  readonly maximumPages: number;
  /** Its addresses have 64 bits. */
  readonly far: boolean;
}

/** Makes a memory. Throws where the system has no room for it, or the engine no memory of its kind. */
export function newMemory(initial: number, { shared, maximumPages: maximum, far }: MemoryOptions): WebAssembly.Memory {
  if (!far) return new WebAssembly.Memory({ initial, maximum, shared });
  // Of 64-bit addresses all numbers are BigInts; the type does not know them yet.
  const limits = { address: "i64", initial: BigInt(initial), maximum: BigInt(maximum), shared };
  return new WebAssembly.Memory(limits as unknown as WebAssembly.MemoryDescriptor);
}
