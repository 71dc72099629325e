import type { StoredFile } from "../stored-file.ts";
import { refuse } from "./refuse.ts";

/** Bytes that are read at once. A header of 10 MB, mostly the vocabulary, takes ten reads. */
const piece = 2 ** 20;
/** A header beyond this is none: the largest vocabularies take some 20 MB. So no claim of a damaged file can make it hold more in memory. */
const longest = 2 ** 27;

/**
 * Walks through the header of a file, which is read piece by piece as the walk needs it. Numbers are little-endian.
 *
 * The getters are synchronous and want their bytes to be there: await {@link HeaderCursor.need} first. `what` in messages is what is being read.
 */
export class HeaderCursor {
  readonly #file: StoredFile;
  readonly #end: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Where in the file the bytes at hand begin. */
  #origin = 0;
  /** Where in the bytes at hand the walk is. */
  #at = 0;
  readonly #text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  constructor(file: StoredFile) {
    this.#file = file;
    this.#end = Math.min(file.size, longest);
  }

  /** How far into the file the walk is. */
  get position(): number {
    return this.#origin + this.#at;
  }

  /** How many bytes are at hand. */
  has(bytes: number): boolean {
    return this.#at + bytes <= this.#bytes.length;
  }

  /** Throws unless so many bytes may follow, before anything is made to hold them. */
  expect(bytes: number, what: string): void {
    const left = this.#end - this.position;
    if (bytes <= left) return;
    const where = this.#end < this.#file.size ? `a header has at most ${longest}` : `the file has ${this.#file.size}`;
    refuse(this.#file.name, `${what} takes ${bytes} bytes from byte ${this.position} on, but ${where}`, {
      expected: `at most ${left} bytes`,
      got: bytes,
    });
  }

  /** Brings so many bytes to hand, and as many of the next as make a piece. */
  async need(bytes: number, what: string): Promise<void> {
    if (this.has(bytes)) return;
    this.expect(bytes, what);
    const begin = this.position;
    const end = Math.min(this.#end, begin + Math.max(bytes, piece));
    this.#bytes = await this.#file.read(begin, end);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    this.#origin = begin;
    this.#at = 0;
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A count, a length or an offset: 64 bits without a sign. Throws beyond 2^53 − 1. */
  count(what: string): number {
    const value = this.#view.getBigUint64(this.#advance(8), true);
    if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
    return refuse(this.#file.name, `${what} is ${value}`, { expected: "a number below 2^53", got: String(value) });
  }

  /** So many bytes, as they lie in the file, and where to read numbers from them. */
  take(bytes: number): DataView {
    const at = this.#advance(bytes);
    return new DataView(this.#view.buffer, this.#view.byteOffset + at, bytes);
  }

  /** A length, and so many bytes of UTF-8. */
  async string(what: string, most: number = longest): Promise<string> {
    await this.need(8, what);
    const length = this.count(`the length of ${what}`);
    if (length > most)
      refuse(this.#file.name, `${what} has ${length} bytes`, { expected: `at most ${most} bytes`, got: length });
    await this.need(length, what);
    const at = this.#advance(length);
    try {
      return this.#text.decode(this.#bytes.subarray(at, at + length));
    } catch {
      return refuse(this.#file.name, `${what} is not valid UTF-8`, { expected: "UTF-8", got: "other bytes" });
    }
  }

  #advance(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }
}
