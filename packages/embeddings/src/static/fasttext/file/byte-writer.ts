import { littleEndian } from "./file-cursor.ts";

/** About how many bytes a piece has. */
const piece = 2 ** 20;

/** Collects bytes and little-endian numbers, to be taken in pieces. */
export class ByteWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  byte(value: number): void {
    const at = this.#advance(1);
    this.#bytes[at] = value;
  }
  int32(...values: readonly number[]): void {
    for (const value of values) {
      const at = this.#advance(4);
      this.#view.setInt32(at, value, true);
    }
  }
  int64(...values: readonly number[]): void {
    for (const value of values) {
      const at = this.#advance(8);
      this.#view.setBigInt64(at, BigInt(value), true);
    }
  }
  float64(value: number): void {
    const at = this.#advance(8);
    this.#view.setFloat64(at, value, true);
  }
  bytes(values: Uint8Array): void {
    const at = this.#advance(values.length);
    this.#bytes.set(values, at);
  }

  /**
   * Writes numbers of f32, however many.
   *
   * @yields the pieces that become full
   */
  *floats(values: Float32Array): Generator<Uint8Array<ArrayBuffer>> {
    for (let i = 0; i < values.length; i += piece / 4) {
      const part = values.subarray(i, i + piece / 4);
      if (littleEndian) this.bytes(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
      else for (const value of part) this.#float32(value);
      yield* this.full();
    }
  }

  #float32(value: number): void {
    const at = this.#advance(4);
    this.#view.setFloat32(at, value, true);
  }

  /** @yields what there is, once it makes a piece */
  *full(): Generator<Uint8Array<ArrayBuffer>> {
    if (this.#at >= piece) yield this.take();
  }

  /** What there is. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#at);
    this.#at = 0;
    return taken;
  }

  /** Makes room, which may replace the bytes and the view. */
  #advance(count: number): number {
    const at = this.#at;
    this.#at += count;
    if (this.#at > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#at, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}
