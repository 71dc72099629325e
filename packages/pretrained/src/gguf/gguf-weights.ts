import { encodeTensor, StoredTensor, type GgufFile, type GgufTensor } from "@tenon/checkpoint";
import type { QuantizedWeight } from "@tenon/nn";
import { CheckpointError, type TypedArray } from "@tenon/tensor";

import type { WeightOnFile, Weights } from "../weights/open-weights.ts";
import type { GgufDescription } from "./config-of-gguf.ts";

/**
 * The tensors of a GGUF file as weights, in the order of rows that Hugging Face's checkpoints have: rows move whole, with their levels and scales, so nothing is
 * rounded. With `levels`, what the file has in levels can be read so.
 *
 * Throws `CheckpointError` that lists the tensors of a type that Tenon does not read.
 */
export function ggufWeights(file: GgufFile, described: GgufDescription, levels: boolean): Weights {
  expectReadable(file);
  return {
    name: file.name,
    description: "its metadata",
    tensors: new Map(
      [...file.tensors].map(([name, tensor]) => [name, weight(file.name, tensor, orderOf(name, described), levels)]),
    ),
    close: () => Promise.resolve(), // whoever opened the file closes it
  };
}

function expectReadable(file: GgufFile): void {
  const unread = [...file.tensors.values()].filter((tensor) => !tensor.isReadable);
  if (unread.length === 0) return;
  const types = [...new Set(unread.map(({ type }) => type))];
  const list = unread.slice(0, 8).map(({ name, type }) => `  ${name}: ${type}`);
  const more = unread.length > list.length ? `\n  and ${unread.length - list.length} more` : "";
  throw new CheckpointError(
    `${file.name} has tensors of types that Tenon does not read, ${types.join(", ")}:\n${list.join("\n")}${more}\nChoose a file in F32, F16, BF16, Q8_0, Q4_0, Q4_K or Q6_K.`,
    { file: file.name, tensors: unread.map(({ name }) => name), types },
  );
}

/** How many heads a tensor's rows are to be reordered in; undefined where they stay. */
function orderOf(name: string, { interleaved, heads, keyValueHeads }: GgufDescription): number | undefined {
  const [, which] = /^blk\.\d+\.attn_([qk])\.(?:weight|bias)$/.exec(name) ?? [];
  if (!interleaved || which === undefined) return undefined;
  return which === "q" ? heads : keyValueHeads;
}

function weight(file: string, tensor: GgufTensor, heads: number | undefined, levels: boolean): WeightOnFile {
  const { name, shape } = tensor;
  const readFloat32 = async (): Promise<Float32Array> => {
    const values = await tensor.read();
    return heads === undefined ? values : rowsInHalves(values, shape[0]!, heads);
  };
  return {
    name,
    shape,
    dtype: "F32",
    readFloat32,
    read: async () => new StoredTensor(file, name, encodeTensor(await readFloat32(), shape)),
    ...(levels &&
      tensor.isQuantized && {
        readQuantized: async () => {
          const stored = await tensor.readQuantized();
          return heads === undefined ? stored : levelsInHalves(stored, heads);
        },
      }),
  };
}

function levelsInHalves({ levels, scales, offsets }: QuantizedWeight, heads: number): QuantizedWeight {
  const rows = levels.type.shape[0]!;
  const reordered = <T extends { readonly data: TypedArray }>(one: T): T => ({
    ...one,
    data: rowsInHalves(one.data, rows, heads),
  });
  return { levels: reordered(levels), scales: reordered(scales), ...(offsets && { offsets: reordered(offsets) }) };
}

/** Rows that are paired with their neighbours, in each head, to rows that are paired with those half a head away: 2 i + s → i + s · k / 2. */
export function rowsInHalves<T extends TypedArray>(data: T, rows: number, heads: number): T {
  const row = data.length / rows;
  const k = rows / heads;
  const ordered = data.slice() as T;
  for (let to = 0; to < rows; to++) {
    const [head, within] = [Math.floor(to / k), to % k];
    const from = head * k + (within < k / 2 ? 2 * within : 2 * (within - k / 2) + 1);
    ordered.set(data.subarray(from * row, (from + 1) * row), to * row);
  }
  return ordered;
}
