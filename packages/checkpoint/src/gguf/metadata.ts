import { quote } from "../show.ts";
import type { HeaderCursor } from "./header-cursor.ts";
import { refuse } from "./refuse.ts";

/**
 * A value of a GGUF file's metadata. 64-bit integers are numbers where a number holds them exactly, else bigints; a list of numbers of at
 * most 32 bits, or of F64, is the typed array of its kind.
 */
export type GgufValue =
  | number
  | bigint
  | boolean
  | string
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | readonly GgufValue[];

/** What a model is, its tokenizer and all else that is not weights, by key: `general.architecture`, `llama.block_count` … */
export type GgufMetadata = ReadonlyMap<string, GgufValue>;

/** Lists in lists, at most. Nothing known nests at all. */
const deepest = 8;
const longestKey = 2 ** 16 - 1;

const exact = (value: bigint): number | bigint =>
  BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value;

interface Kind {
  readonly bytes: number;
  get(view: DataView, at: number): number | bigint | boolean;
  readonly list?: new (length: number) => { [index: number]: number };
}
const bool = 7;
const string = 8;
const list = 9;
/** The kinds of one fixed size, by the number that stands in the file. */
const kinds: ReadonlyMap<number, Kind> = new Map<number, Kind>([
  [0, { bytes: 1, get: (view, at) => view.getUint8(at), list: Uint8Array }],
  [1, { bytes: 1, get: (view, at) => view.getInt8(at), list: Int8Array }],
  [2, { bytes: 2, get: (view, at) => view.getUint16(at, true), list: Uint16Array }],
  [3, { bytes: 2, get: (view, at) => view.getInt16(at, true), list: Int16Array }],
  [4, { bytes: 4, get: (view, at) => view.getUint32(at, true), list: Uint32Array }],
  [5, { bytes: 4, get: (view, at) => view.getInt32(at, true), list: Int32Array }],
  [6, { bytes: 4, get: (view, at) => view.getFloat32(at, true), list: Float32Array }],
  [bool, { bytes: 1, get: (view, at) => view.getUint8(at) !== 0 }],
  [10, { bytes: 8, get: (view, at) => exact(view.getBigUint64(at, true)) }],
  [11, { bytes: 8, get: (view, at) => exact(view.getBigInt64(at, true)) }],
  [12, { bytes: 8, get: (view, at) => view.getFloat64(at, true), list: Float64Array }],
]);

/** Reads `count` keys with their values. */
export async function readMetadata(cursor: HeaderCursor, count: number, file: string): Promise<GgufMetadata> {
  // A key takes a length, a kind and a value of one byte at least.
  cursor.expect(count * 13, `the metadata of ${count} keys`);
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < count; i++) {
    const key = await cursor.string(`key ${i} of the metadata`, longestKey);
    if (metadata.has(key))
      refuse(file, `metadata ${quote(key)} is there twice`, { key, expected: "each key once", got: "two of it" });
    await cursor.need(4, `metadata ${quote(key)}`);
    metadata.set(key, await new ValueReader(cursor, file, key).value(cursor.uint32(), 0));
  }
  return metadata;
}

class ValueReader {
  readonly #cursor: HeaderCursor;
  readonly #file: string;
  readonly #key: string;
  readonly #what: string;

  constructor(cursor: HeaderCursor, file: string, key: string) {
    this.#cursor = cursor;
    this.#file = file;
    this.#key = key;
    this.#what = `metadata ${quote(key)}`;
  }

  async value(id: number, depth: number): Promise<GgufValue> {
    if (id === string) return this.#cursor.string(this.#what);
    if (id === list) return this.#list(depth + 1);
    const kind = this.#kind(id);
    await this.#cursor.need(kind.bytes, this.#what);
    const view = this.#cursor.take(kind.bytes);
    this.#checkBool(id, view);
    return kind.get(view, 0);
  }

  async #list(depth: number): Promise<GgufValue> {
    if (depth > deepest) this.#refuse(`nests lists ${depth} deep`, `at most ${deepest} deep`, depth);
    await this.#cursor.need(12, this.#what);
    const id = this.#cursor.uint32();
    const length = this.#cursor.count(`the length of ${this.#what}`);
    if (id !== string && id !== list) return this.#numbers(id, length);
    // A string takes 8 bytes at least, a list 12.
    this.#cursor.expect(length * (id === string ? 8 : 12), this.#what);
    const values: GgufValue[] = [];
    for (let i = 0; i < length; i++)
      values.push(id === string ? await this.#cursor.string(this.#what) : await this.#list(depth + 1));
    return values;
  }

  async #numbers(id: number, length: number): Promise<GgufValue> {
    const kind = this.#kind(id);
    const { bytes, list } = kind;
    await this.#cursor.need(length * bytes, this.#what);
    const view = this.#cursor.take(length * bytes);
    this.#checkBool(id, view);
    const values = list === undefined ? new Array<GgufValue>(length) : new list(length);
    for (let i = 0; i < length; i++) values[i] = kind.get(view, i * bytes) as number;
    return values as GgufValue;
  }

  #kind(id: number): Kind {
    return (
      kinds.get(id) ?? this.#refuse(`is of the unknown kind ${id}`, "one of the kinds 0 to 12 of GGUF version 3", id)
    );
  }

  #checkBool(id: number, view: DataView): void {
    if (id !== bool) return;
    for (let i = 0; i < view.byteLength; i++)
      if (view.getUint8(i) > 1) this.#refuse(`is a boolean of byte ${view.getUint8(i)}`, "0 or 1", view.getUint8(i));
  }

  #refuse(problem: string, expected: string, got: unknown): never {
    return refuse(this.#file, `${this.#what} ${problem}; expected ${expected}`, { key: this.#key, expected, got });
  }
}
