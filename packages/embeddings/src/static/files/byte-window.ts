import type { VectorBytes } from "./vector-bytes.ts";

const empty = new Uint8Array(0);

/** The part of a file that is being read: what has come and is not yet used up. */
export class ByteWindow {
  /** From the first byte that is still needed, or some before it, to the last that has come. */
  bytes: Uint8Array = empty;
  /** What of {@link bytes} is used up. */
  at = 0;
  readonly source: VectorBytes;
  readonly #pieces: AsyncIterator<Uint8Array>;
  #before = 0;
  #buffer = empty;
  #ended = false;

  constructor(source: VectorBytes) {
    this.source = source;
    this.#pieces = source.pieces[Symbol.asyncIterator]();
  }

  /** The place in the file, unpacked, of a byte of the window. */
  offset(at: number = this.at): number {
    return this.#before + at;
  }

  /** Adds the next piece; what is used up goes, so `at` and places within the window move. Gives false at the end of the file. */
  async more(): Promise<boolean> {
    if (this.#ended) return false;
    const { value: piece, done } = await this.#pieces.next();
    if (done === true) {
      this.#ended = true;
      return false;
    }
    this.append(piece);
    return true;
  }

  /** Adds bytes, as if the file had them. */
  append(piece: Uint8Array): void {
    const rest = this.bytes.subarray(this.at);
    const length = rest.length + piece.length;
    const buffer = length <= this.#buffer.length ? this.#buffer : new Uint8Array(Math.ceil(length * 1.25));
    // Overlapping is allowed: `set` of the same buffer copies as if by way of another.
    buffer.set(rest);
    buffer.set(piece, rest.length);
    this.#buffer = buffer;
    this.bytes = buffer.subarray(0, length);
    this.#before += this.at;
    this.at = 0;
  }

  /** Which share of the file is used up, where that is known. */
  get share(): number | undefined {
    return this.source.share(this.offset());
  }

  /** Adds pieces until `count` bytes are there. Gives false where the file has fewer. */
  async hold(count: number): Promise<boolean> {
    while (this.bytes.length - this.at < count) if (!(await this.more())) return false;
    return true;
  }

  /** Leaves the rest of the file unread. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#pieces.return?.();
  }
}
