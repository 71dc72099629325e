type Descriptor = WebAssembly.MemoryDescriptor & { readonly shared?: boolean };

/** What gpu.js lets a memory grow to, unless a kernel needs more: 256 MiB. */
const usualPages = 4096;
const fewestPages = 64;

/**
 * The memories of the mode webasm, shared by all kernels of about a size: left alone, gpu.js makes one for each of them, of which a page
 * of Chromium has room for 125, and each keeps a copy of its weights. A kernel finds all its arrays there anew in every call, and its
 * result is copied out.
 */
export class SharedMemories {
  readonly #memories = new Map<string, WebAssembly.Memory>();

  /** Runs what makes memories, and gives it these. */
  lend<T>(build: () => T): T {
    const { Memory } = WebAssembly;
    const find = ({ initial, maximum, shared = false }: Descriptor): WebAssembly.Memory => {
      // A memory fits where as many pages or fewer are asked for.
      const pages = initial > usualPages ? initial : Math.max(fewestPages, 2 ** Math.ceil(Math.log2(initial)));
      const key = `${pages} ${shared}`;
      const found = this.#memories.get(key) ?? new Memory({ initial: pages, maximum: maximum!, shared });
      this.#memories.set(key, found);
      return found;
    };
    // What a constructor returns is what `new` gives.
    WebAssembly.Memory = function (descriptor: Descriptor) {
      return find(descriptor);
    } as unknown as typeof Memory;
    try {
      return build();
    } finally {
      WebAssembly.Memory = Memory;
    }
  }
  close(): void {
    this.#memories.clear();
  }
}
