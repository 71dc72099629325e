import { Growing } from "./growing.ts";
import { mixed } from "./mixed.ts";
import { layoutOf, type ShardShape, type ShardSize } from "./shard-layout.ts";

/** What is counted of a shard. */
export interface ShardCounts extends ShardSize {
  /** Blank documents that were passed over between those of this shard. */
  readonly blank: number;
  /** UTF-16 code units, for each of the texts of a document. */
  readonly characters: readonly number[];
}

/** Takes documents until a shard is full, then gives its bytes. Its memory is used again for the next one. */
export class ShardWriter {
  readonly #shape: ShardShape;
  readonly #capacity: number;
  readonly #ids: readonly Growing<Uint16Array | Uint32Array>[];
  readonly #offsets: readonly Growing<Uint32Array>[];
  readonly #hashes: Growing<Uint32Array> = new Growing((length) => new Uint32Array(length));
  readonly #labels: Growing<Float32Array> = new Growing((length) => new Float32Array(length));
  #characters: number[];
  #blank = 0;

  /** A shard is full when one of the texts of its documents has `capacity` tokens. */
  constructor(shape: ShardShape, capacity: number) {
    this.#shape = shape;
    this.#capacity = capacity;
    this.#ids = shape.widths.map(
      (width) => new Growing((length) => (width === 2 ? new Uint16Array(length) : new Uint32Array(length))),
    );
    this.#offsets = shape.widths.map(() => new Growing((length) => new Uint32Array(length)));
    this.#characters = shape.widths.map(() => 0);
    this.#clear();
  }

  get documents(): number {
    return this.#hashes.length;
  }
  get isFull(): boolean {
    return this.#ids.some((ids) => ids.length >= this.#capacity);
  }

  add(texts: readonly string[], ids: readonly (readonly number[])[], label: number | undefined): void {
    ids.forEach((each, column) => {
      this.#ids[column]!.append(each);
      this.#offsets[column]!.push(this.#ids[column]!.length);
      this.#characters[column]! += texts[column]!.length;
    });
    this.#hashes.push(hashOf(texts));
    if (this.#shape.labels) this.#labels.push(label!);
  }
  /** Counts a blank document. */
  passOver(): void {
    this.#blank++;
  }

  /** The shard's bytes and counts; then an empty one begins. */
  finish(): { readonly bytes: Uint8Array<ArrayBuffer>; readonly counts: ShardCounts } {
    const counts: ShardCounts = {
      documents: this.documents,
      blank: this.#blank,
      tokens: this.#ids.map((ids) => ids.length),
      characters: this.#characters,
    };
    const layout = layoutOf(this.#shape, counts);
    const bytes = new Uint8Array(layout.bytes);
    const put = (part: Growing<Uint16Array | Uint32Array | Float32Array>, at: number): void => {
      const view = part.view();
      bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), at);
    };
    this.#ids.forEach((ids, column) => put(ids, layout.ids[column]!));
    this.#offsets.forEach((offsets, column) => put(offsets, layout.offsets[column]!));
    put(this.#hashes, layout.hashes);
    put(this.#labels, layout.labels);
    this.#clear();
    return { bytes, counts };
  }

  #clear(): void {
    for (const part of [...this.#ids, ...this.#offsets, this.#hashes, this.#labels]) part.clear();
    for (const offsets of this.#offsets) offsets.push(0);
    this.#characters = this.#shape.widths.map(() => 0);
    this.#blank = 0;
  }
}

/** FNV-1a over the code units of the texts, mixed: equal documents have equal hashes, wherever they stand. */
export function hashOf(texts: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ 0x110000, 0x01000193); // no code unit: where one text ends
  }
  return mixed(hash) >>> 0;
}
