import type { QuantizedWeight } from "@tenon/nn";
import type { Shape, TensorType } from "@tenon/tensor";

import { decode } from "../decode.ts";
import { countElements } from "../shape.ts";
import { quote } from "../show.ts";
import type { StoredFile } from "../stored-file.ts";
import { blockFormats, dequantizeBlocks, emptyBlocks, packLevels, type BlockFormat, type Blocks } from "./blocks.ts";
import type { GgmlType } from "./ggml-types.ts";
import { refuse } from "./refuse.ts";
import type { TensorInfo } from "./tensor-info.ts";

/** About how many bytes of the file are at hand at once while a tensor is read. */
const piece = 2 ** 20;
const floats = ["F32", "F16", "BF16"] as const;
type FloatType = (typeof floats)[number];

/** Types whose elements Tenon reads. */
const readable: readonly string[] = [...floats, ...blockFormats.keys()];

/** One tensor of a GGUF file. Its bytes stay in the file until one of the methods reads them, a megabyte at a time. */
export class GgufTensor {
  readonly name: string;
  /** How its elements are stored: F32, F16, BF16, Q8_0, Q4_0, Q4_K and Q6_K can be read. */
  readonly type: string;
  /** Sizes, outermost first, as everywhere in Tenon; ggml lists them the other way round. */
  readonly shape: Shape;
  readonly #file: StoredFile;
  readonly #storage: GgmlType | undefined;
  readonly #begin: number;

  constructor(file: StoredFile, info: TensorInfo, dataBegin: number) {
    this.name = info.name;
    this.type = info.typeName;
    this.shape = info.shape;
    this.#file = file;
    this.#storage = info.type;
    this.#begin = dataBegin + info.offset;
  }

  /** How many elements it has: the product of its sizes. */
  get size(): number {
    return countElements(this.shape)!;
  }

  /** Is it of a type that {@link GgufTensor.read} reads? */
  get isReadable(): boolean {
    return readable.includes(this.type);
  }

  /** Is it stored in levels that {@link GgufTensor.readQuantized} can take over? */
  get isQuantized(): boolean {
    return blockFormats.has(this.type);
  }

  /**
   * Every element in a new array, F16 and BF16 exactly, a quantised type as ggml computes it: level · scale (− minimum), rounded to f32 after each step.
   *
   * Throws `CheckpointError` for a type that Tenon does not read, and for more elements than the memory holds.
   */
  async read(): Promise<Float32Array> {
    if (!this.isReadable)
      return this.#refuse(
        `is of type ${this.type}, which Tenon does not read; it reads ${readable.join(", ")}`,
        "Convert the model to one of these types.",
      );
    const values = this.#allocate(this.size, Float32Array);
    const format = blockFormats.get(this.type);
    if (format === undefined)
      await this.#eachPiece((bytes, from) => values.set(decode(this.type as FloatType, bytes) as Float32Array, from));
    else
      await this.#eachBlocks(format, (blocks, from, count) =>
        dequantizeBlocks(format, blocks, values.subarray(from, from + count)),
      );
    return values;
  }

  /**
   * The levels and scales of a quantised matrix, taken over without rounding anew: Q8_0 as q8 and Q4_0 as q4 in groups of 32, Q6_K as q8 in groups of
   * 16, Q4_K as q4 in groups of 32 with an offset for each group, 8 · scale − minimum, rounded once to f32.
   *
   * Throws `CheckpointError` for a type that is not quantised or that Tenon does not read, and for a tensor that is no matrix.
   */
  async readQuantized(): Promise<QuantizedWeight> {
    const format = blockFormats.get(this.type);
    if (format === undefined)
      return this.#refuse(
        `is of type ${this.type}; readQuantized() reads ${[...blockFormats.keys()].join(", ")}`,
        (floats as readonly string[]).includes(this.type)
          ? "read() gives its numbers."
          : `Quantise the model anew to one of these types.`,
      );
    const [rows, row, ...rest] = this.shape;
    if (rows === undefined || row === undefined || rest.length > 0)
      return this.#refuse(
        `is [${this.shape.join(", ")}]; readQuantized() reads matrices [out, in]`,
        "read() gives its numbers.",
      );
    const { bits, group, middle, hasMinima } = format;
    const levels = bits === 8 ? this.#allocate(this.size, Int8Array) : this.#allocate(this.size / 2, Uint8Array);
    const scales = this.#allocate(this.size / group, Float32Array);
    const offsets = this.#allocate(hasMinima ? scales.length : 0, Float32Array);
    await this.#eachBlocks(format, (blocks, from, count) => {
      if (bits === 8) levels.set(this.#checked(blocks.levels), from);
      else packLevels(format, blocks, levels.subarray(from / 2, (from + count) / 2) as Uint8Array);
      scales.set(blocks.scales, from / group);
      for (let g = 0; g < blocks.minima.length; g++)
        offsets[from / group + g] = middle * blocks.scales[g]! - blocks.minima[g]!;
    });
    const perGroup: TensorType = { dtype: "f32", shape: [rows, row / group] };
    return {
      levels: { type: { dtype: bits === 8 ? "q8" : "q4", shape: [rows, row] }, data: levels },
      scales: { type: perGroup, data: scales },
      ...(hasMinima && { offsets: { type: perGroup, data: offsets } }),
    };
  }

  /** What the pieces hold, unpacked. The arrays are the same for every piece of one length. */
  async #eachBlocks(format: BlockFormat, body: (blocks: Blocks, from: number, count: number) => void): Promise<void> {
    let blocks = emptyBlocks(format, 0);
    await this.#eachPiece((bytes, from, count) => {
      if (blocks.levels.length !== count) blocks = emptyBlocks(format, count);
      format.unpack(bytes, blocks);
      body(blocks, from, count);
    });
  }

  /** The file's bytes in pieces of whole blocks, with the place of their first element and how many there are. */
  async #eachPiece(body: (bytes: Uint8Array, from: number, count: number) => void): Promise<void> {
    const { elements, bytes } = this.#storage!;
    const blocks = this.size / elements;
    const atOnce = Math.floor(piece / bytes);
    for (let block = 0; block < blocks; block += atOnce) {
      const count = Math.min(atOnce, blocks - block);
      const begin = this.#begin + block * bytes;
      body(await this.#file.read(begin, begin + count * bytes), block * elements, count * elements);
    }
  }

  /** q8 is symmetric, and kernels rely on it; no quantiser of ggml writes −128. */
  #checked(levels: Int8Array): Int8Array {
    if (!levels.includes(-128)) return levels;
    return this.#refuse("has the level -128; q8 has -127 to 127", "read() gives its numbers.");
  }

  #allocate<T>(length: number, Kind: new (length: number) => T): T {
    try {
      return new Kind(length);
    } catch {
      return this.#refuse(`has ${this.size} elements, more than this machine holds`, "Choose a smaller model.");
    }
  }

  #refuse(problem: string, remedy: string): never {
    return refuse(
      this.#file.name,
      `tensor ${quote(this.name)} ${problem}`,
      { tensor: this.name, type: this.type, shape: this.shape },
      remedy,
    );
  }
}
