import { signed, unsigned, type Code } from "./value.ts";

/** Bytes that are appended one after the other; they double their room when it is full. */
export class Bytes {
  #all: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 16);
  #length = 0;
  readonly #far: boolean;

  /** `far`: of a module whose i32 have 64 bits. */
  constructor(far: boolean) {
    this.#far = far;
  }

  /** A copy of what was written. */
  copy(): Uint8Array<ArrayBuffer> {
    return this.#all.slice(0, this.#length);
  }
  clear(): void {
    this.#length = 0;
  }

  /** Appends nested code; `numberOf` gives the number of a function that is called. */
  write(code: Code, numberOf?: (callee: object) => number): void {
    for (let i = 0; i < code.length; i++) {
      const part = code[i]!;
      if (typeof part === "number") {
        if (this.#length === this.#all.length) this.#reach(this.#length + 1);
        this.#all[this.#length++] = part;
      } else if (Array.isArray(part)) this.write(part, numberOf);
      else if ("near" in part) this.write(this.#far ? part.far : part.near, numberOf);
      else if ("whole" in part) {
        const { whole } = part;
        this.write(this.#far ? [0x42, signed(whole)] : [0x41, signed(whole | 0)]);
      } else if ("callee" in part) this.write(unsigned(numberOf!(part.callee)));
    }
  }

  append(other: Bytes): void {
    this.#reach(this.#length + other.#length);
    this.#all.set(other.#all.subarray(0, other.#length), this.#length);
    this.#length += other.#length;
  }
  /** Appends other bytes behind their number. */
  writeCounted(other: Bytes): void {
    this.write(unsigned(other.#length));
    this.append(other);
  }

  #reach(length: number): void {
    if (length <= this.#all.length) return;
    const all = new Uint8Array(Math.max(length, 2 * this.#all.length));
    all.set(this.#all.subarray(0, this.#length));
    this.#all = all;
  }
}
