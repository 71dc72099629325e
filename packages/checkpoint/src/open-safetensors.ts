import { CheckpointError, type Shape } from "@tenon/tensor";

import { halvesOf } from "./decode.ts";
import type { SafetensorsDType } from "./dtypes.ts";
import { headerLength } from "./header-length.ts";
import { readHeader, type SafetensorsMetadata, type TensorEntry } from "./header.ts";
import { headerText } from "./header-text.ts";
import { checkLayout } from "./layout.ts";
import { recognisable } from "./recognise.ts";
import { countElements } from "./shape.ts";
import { quote } from "./show.ts";
import type { StoredFile } from "./stored-file.ts";
import { StoredTensor } from "./stored-tensor.ts";

/** A safetensors file of which only the header was read. */
export interface OpenSafetensors {
  /** What the file is called in messages. */
  readonly name: string;
  /** The tensors by name, in the order in which their bytes lie in the file. */
  readonly tensors: ReadonlyMap<string, TensorOnFile>;
  /** The strings under `__metadata__`; empty when the file has none. */
  readonly metadata: SafetensorsMetadata;
}

/** A tensor whose bytes are still on the file. */
export interface TensorOnFile {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: Shape;
  /** Fetches its bytes, and only these. Throws `CheckpointError` when they cannot be had. */
  read(): Promise<StoredTensor>;
  /**
   * Its elements as `toFloat32` of a `StoredTensor` gives them, fetched and converted in pieces: the bytes are never there as a whole beside the numbers.
   * With `rows`, only those of its first rows, each of which has the elements behind the first size. Throws `CheckpointError` for a dtype that
   * `toFloat32` refuses, and for rows that it has not.
   */
  readFloat32(rows?: number): Promise<Float32Array>;
  /**
   * The bits of its elements, of F16 and BF16, as they are: what a tensor in f16 or bf16 is uploaded from. It may be a window on a file in memory, so leave it as it is. Throws
   * `CheckpointError` for another dtype, and when the bytes cannot be had.
   */
  readHalves(): Promise<Uint16Array>;
}

/** How many bytes of a tensor are converted at a time; a multiple of the size of any element. */
const pieceLength = 2 ** 21;

/**
 * Reads the header of a safetensors file, checks all that it claims (see the README's list), and leaves the tensors where they are: each is fetched
 * when it is asked for. So a model is loaded with little more memory than its weights take. The file stays open; whoever opened it closes it.
 *
 * Throws `CheckpointError` for what is not a sound safetensors file.
 *
 * @example
 * ```ts
 * const bytes = serializeSafetensors([["scale", encodeTensor(new Float32Array([1, 2]), [2])]]);
 * const { tensors } = await openSafetensors(fileInMemory("scale.safetensors", bytes));
 * console.log((await tensors.get("scale")!.read()).toFloat32()); // Float32Array(2) [ 1, 2 ]
 * ```
 * @see The format: https://github.com/huggingface/safetensors#format
 */
export async function openSafetensors(file: StoredFile): Promise<OpenSafetensors> {
  const { name, size } = file;
  const length = headerLength(await file.read(0, Math.min(size, recognisable)), size, name);
  const { entries, metadata } = readHeader(headerText(await file.read(8, 8 + length), name), name);
  const data = 8 + length;
  checkLayout(entries, size - data, name);
  return { name, metadata, tensors: new Map(entries.map((entry) => [entry.name, onFile(file, data, entry)])) };
}

function onFile(file: StoredFile, data: number, { name, dtype, shape, begin, end }: TensorEntry): TensorOnFile {
  const piece = async (shape: Shape, from: number, to: number): Promise<StoredTensor> =>
    new StoredTensor(file.name, name, { dtype, shape, bytes: await file.read(data + from, data + to) });
  return {
    name,
    dtype,
    shape,
    read: () => piece(shape, begin, end),
    async readFloat32(rows = shape[0] ?? 1) {
      const [count = 1, ...row] = shape;
      if (!(Number.isInteger(rows) && rows >= 0 && rows <= count))
        throw new CheckpointError(`${file.name}: tensor ${quote(name)} has ${count} rows, so ${rows} cannot be read.`, {
          file: file.name,
          tensor: name,
          rows,
        });
      const wanted = shape.length === 0 ? shape : [rows, ...row];
      const stop = rows === count ? end : begin + ((end - begin) / count) * rows;
      if (stop - begin <= pieceLength) return (await piece(wanted, begin, stop)).toFloat32();
      const values = new Float32Array(countElements(wanted)!);
      const width = (stop - begin) / values.length;
      for (let from = begin; from < stop; from += pieceLength) {
        const to = Math.min(stop, from + pieceLength);
        values.set((await piece([(to - from) / width], from, to)).toFloat32(), (from - begin) / width);
      }
      return values;
    },
    async readHalves() {
      if (dtype !== "F16" && dtype !== "BF16")
        throw new CheckpointError(
          `${file.name}: tensor ${quote(name)} has dtype ${dtype}; readHalves() reads F16 and BF16. readFloat32() reads other floats.`,
          { file: file.name, tensor: name, dtype },
        );
      return halvesOf(await file.read(data + begin, data + end));
    },
  };
}
