import { layoutOf, type ShardLayout, type ShardShape } from "../build/shard-layout.ts";
import type { ShardCounts } from "../build/shard-writer.ts";
import type { ShardBytes } from "./shard-bytes.ts";

/** One shard, read in pieces. */
export class ShardReader {
  readonly counts: ShardCounts;
  readonly #bytes: ShardBytes;
  readonly #index: number;
  readonly #shape: ShardShape;
  readonly #layout: ShardLayout;

  constructor(bytes: ShardBytes, index: number, shape: ShardShape, counts: ShardCounts) {
    this.#bytes = bytes;
    this.#index = index;
    this.#shape = shape;
    this.counts = counts;
    this.#layout = layoutOf(shape, counts);
  }

  /** `count` ids of a text from the token `start` of this shard on, put into `into` at `at`. */
  async ids(column: number, start: number, count: number, into: Int32Array, at: number): Promise<void> {
    const width = this.#shape.widths[column]!;
    const bytes = await this.#bytes.read(this.#index, this.#layout.ids[column]! + width * start, width * count);
    into.set(width === 2 ? new Uint16Array(bytes.buffer, 0, count) : new Uint32Array(bytes.buffer, 0, count), at);
  }
  /** Where `count` documents begin and the last of them ends, in tokens of this shard. */
  async offsets(column: number, document: number, count: number): Promise<Uint32Array> {
    const at = this.#layout.offsets[column]! + 4 * document;
    return new Uint32Array((await this.#bytes.read(this.#index, at, 4 * (count + 1))).buffer);
  }
  /** The hashes of all documents. */
  async hashes(): Promise<Uint32Array> {
    return new Uint32Array(
      (await this.#bytes.read(this.#index, this.#layout.hashes, 4 * this.counts.documents)).buffer,
    );
  }
  /** The labels of all documents. */
  async labels(): Promise<Float32Array> {
    return new Float32Array(
      (await this.#bytes.read(this.#index, this.#layout.labels, 4 * this.counts.documents)).buffer,
    );
  }
}
