import { BackendError } from "@tenon/tensor";
import { type MemoryOptions, newMemory, pageBytes } from "@tenon/wasm-assembler";

import { Allocator, type Region } from "./allocator.ts";

/** The most bytes of one region: offsets within it, and what is counted in it, fit into 32 bits. */
const mostInRegion = 2 ** 32 - pageBytes;
/** Bytes behind any block that a kernel may read, though they are not its own. */
const overhang = 256;
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** The one linear memory, and the parts of it that are in use. Its views are made anew when it has grown. */
export class WasmMemory {
  readonly memory: WebAssembly.Memory;
  readonly #maximumPages: number;
  readonly #far: boolean;
  readonly #allocator: Allocator;
  #u8!: Uint8Array;
  #i32!: Int32Array;
  #f32!: Float32Array;

  /** Addresses below `reserved` are not given out. */
  constructor({ reserved, ...options }: MemoryOptions & { readonly reserved: number }) {
    this.#maximumPages = options.maximumPages;
    this.#far = options.far;
    try {
      this.memory = newMemory(Math.ceil(reserved / pageBytes) + 16, options);
    } catch (cause) {
      // Engines reserve the addresses of a shared memory at once.
      const most = this.#maximumPages * pageBytes;
      throw new BackendError(
        `wasm: the system has no room for a memory of up to ${megabytes(most)}. Give wasm() a smaller \`memory\`.`,
        { possible: most },
        { cause },
      );
    }
    this.#look();
    this.#allocator = new Allocator(reserved, (bytes) => this.#reach(bytes));
  }

  #look(): void {
    const { buffer } = this.memory;
    this.#u8 = new Uint8Array(buffer);
    this.#i32 = new Int32Array(buffer);
    this.#f32 = new Float32Array(buffer);
  }
  get u8(): Uint8Array {
    return this.#u8;
  }
  get i32(): Int32Array {
    return this.#i32;
  }
  get f32(): Float32Array {
    return this.#f32;
  }
  /** Bytes given out. */
  get used(): number {
    return this.#allocator.used;
  }
  /** Bytes that the memory has now. */
  get size(): number {
    return this.#u8.byteLength;
  }

  /** Storage of at least as many bytes, aligned to 64, padded to a multiple of 64. What it holds is unspecified. */
  allocate(bytes: number): Region {
    if (this.#far && bytes > mostInRegion)
      throw new BackendError(
        `wasm: ${megabytes(bytes)} were asked for one tensor, which may have ${megabytes(mostInRegion)} at most, however large the ` +
          "memory is. Divide it into several.",
        { asked: bytes, possible: mostInRegion },
      );
    return this.#allocator.allocate(bytes);
  }
  release(region: Region): void {
    this.#allocator.release(region);
  }

  /** Makes the memory reach as many bytes beyond what is managed; behind the last some bytes stay free, for vectors that overhang. */
  #reach(bytes: number): void {
    const wanted = this.#allocator.end + bytes + overhang;
    if (wanted <= this.size) return;
    const need = Math.ceil((wanted - this.size) / pageBytes);
    const room = this.#maximumPages - this.size / pageBytes;
    // A quarter more at a time, so that growing, which makes new views, is rare.
    const more = Math.min(room, Math.max(need, Math.ceil(this.size / pageBytes / 4)));
    if (need > room || !(this.#grow(more) || this.#grow(need))) {
      const most = this.#maximumPages * pageBytes;
      throw new BackendError(
        `wasm: out of memory: ${megabytes(bytes)} more were asked for, ${megabytes(this.used)} are in use, and ` +
          `${need > room ? `at most ${megabytes(most)} are possible` : `the system gives no more than ${megabytes(this.size)}`}. ` +
          "Free tensors earlier (scoped, using), use smaller batches, or keep weights in f16, q8 or q4.",
        { asked: bytes, used: this.used, possible: need > room ? most : this.size },
      );
    }
  }
  #grow(pages: number): boolean {
    try {
      this.memory.grow((this.#far ? BigInt(pages) : pages) as number);
    } catch {
      return false; // a RangeError, which says nothing more
    }
    this.#look();
    return true;
  }
}
