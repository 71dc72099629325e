import type { StoredFile } from "@tenon/checkpoint";

import { refuse } from "./refuse.ts";

/** Bytes that are read at once. */
const piece = 2 ** 20;
/** A word beyond this is none: it is the rest of a damaged file. */
const longestWord = 2 ** 20;

/**
 * Walks through a file, which is read piece by piece as the walk needs it. Numbers are little-endian. `what` in messages is what is being
 * read.
 *
 * The getters are synchronous and want their bytes to be at hand: await {@link FileCursor.need} first.
 */
export class FileCursor {
  readonly file: StoredFile;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Where in the file the bytes at hand begin. */
  #origin = 0;
  /** Where in the bytes at hand the walk is. */
  #at = 0;
  readonly #text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  constructor(file: StoredFile) {
    this.file = file;
  }

  /** How far into the file the walk is. */
  get position(): number {
    return this.#origin + this.#at;
  }

  /** Throws CheckpointError: what is wrong at a byte, by default where the walk is. */
  refuse(problem: string, byte: number = this.position): never {
    return refuse(this.file.name, byte, problem);
  }

  /** Throws unless so many bytes follow, before anything is made to hold them. */
  expect(bytes: number, what: string): void {
    const left = this.file.size - this.position;
    if (bytes > left) this.refuse(`${what} takes ${bytes} bytes, but ${left} are left of the file's ${this.file.size}`);
  }

  /** Brings so many bytes to hand, and as many of the next as make a piece. */
  async need(bytes: number, what: string): Promise<void> {
    if (this.#at + bytes <= this.#bytes.length) return;
    this.expect(bytes, what);
    await this.#bring(Math.max(bytes, piece));
  }

  async #bring(bytes: number): Promise<void> {
    const begin = this.position;
    this.#bytes = await this.file.read(begin, Math.min(this.file.size, begin + bytes));
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    this.#origin = begin;
    this.#at = 0;
  }

  byte(): number {
    return this.#view.getUint8(this.#advance(1));
  }
  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }
  float64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  /** A byte that is 0 or 1. */
  flag(what: string): boolean {
    const value = this.byte();
    if (value > 1) this.refuse(`${what} is ${value}; expected 0 or 1`, this.position - 1);
    return value === 1;
  }

  /** A whole number of 64 bits that is at least so large. Throws where it is not, or beyond 2⁵³ − 1. */
  int64(what: string, least: number): number {
    const value = this.#view.getBigInt64(this.#advance(8), true);
    if (value >= BigInt(least) && value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
    return this.refuse(`${what} is ${value}; expected at least ${least} and below 2⁵³`, this.position - 8);
  }

  /** Text in UTF-8 up to a zero byte. */
  async text(what: string): Promise<string> {
    let end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) {
      await this.#bring(Math.max(piece, longestWord + 1));
      end = this.#bytes.indexOf(0);
    }
    if (end < 0) this.refuse(`${what} does not end`);
    try {
      const text = this.#text.decode(this.#bytes.subarray(this.#at, end));
      this.#at = end + 1;
      return text;
    } catch {
      return this.refuse(`${what} is not valid UTF-8`);
    }
  }

  /** So many bytes, copied, however many they are. Throws before it makes room for more than the file has. */
  async bytes(count: number, what: string): Promise<Uint8Array<ArrayBuffer>> {
    this.expect(count, what);
    let bytes;
    try {
      bytes = new Uint8Array(count);
    } catch {
      return this.refuse(`${what} takes ${count} bytes, more than there is memory for`);
    }
    for (let at = 0; at < count;) {
      if (this.#at === this.#bytes.length) await this.#bring(piece);
      const part = this.#bytes.subarray(this.#at, this.#at + count - at);
      bytes.set(part, at);
      at += part.length;
      this.#at += part.length;
    }
    return bytes;
  }

  /** So many numbers of f32. */
  async floats(count: number, what: string): Promise<Float32Array<ArrayBuffer>> {
    const bytes = await this.bytes(4 * count, what);
    if (littleEndian) return new Float32Array(bytes.buffer);
    const view = new DataView(bytes.buffer);
    return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
  }

  #advance(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }
}

/** Does the machine keep numbers as the file does? */
export const littleEndian: boolean = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
