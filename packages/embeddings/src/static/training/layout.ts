/** The numbers that a block of memory holds. */
export type Numbers = "f32" | "f64" | "i32" | "u32" | "u8";

interface Arrays {
  f32: Float32Array;
  f64: Float64Array;
  i32: Int32Array;
  u32: Uint32Array;
  u8: Uint8Array;
}
/** The array that shows a block. */
export type View<N extends Numbers> = Arrays[N];
const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array, u32: Uint32Array, u8: Uint8Array } as const;

/** Where an array lies in a memory. Plain data: a worker gets it with the memory, and sees the same numbers. */
export interface Block<N extends Numbers = Numbers> {
  readonly numbers: N;
  /** Its first byte, a multiple of 64. */
  readonly at: number;
  readonly length: number;
}

const lineBytes = 64;
const roundUp = (bytes: number): number => Math.ceil(bytes / lineBytes) * lineBytes;

/** Lays out a memory: block after block, each on a cache line of its own, so that threads do not disturb each other. */
export class Layout {
  #bytes: number = lineBytes; // address 0 stays free, so that it means "none"

  /** How large the memory must be. */
  get bytes(): number {
    return this.#bytes;
  }

  reserve<N extends Numbers>(numbers: N, length: number): Block<N> {
    const block = { numbers, at: this.#bytes, length };
    this.#bytes += roundUp(length * arrays[numbers].BYTES_PER_ELEMENT);
    return block;
  }
}

/** The array of a block, to be read and written. */
export function view<N extends Numbers>(memory: WebAssembly.Memory, { numbers, at, length }: Block<N>): View<N> {
  return new arrays[numbers](memory.buffer, at, length) as View<N>;
}
