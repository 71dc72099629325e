import { CheckpointError, ConfigError } from "@tenon/tensor";

import { decode } from "./decode.ts";
import { byteLength, compareDTypes, isSafetensorsDType, type SafetensorsDType, safetensorsDTypes } from "./dtypes.ts";
import { encodeTensor } from "./encode.ts";
import { longestHeader } from "./header-length.ts";
import type { SafetensorsMetadata } from "./header.ts";
import { isWellFormed, mostKeys } from "./json.ts";
import type { Overflow } from "./narrow.ts";
import { countElements } from "./shape.ts";
import { quote } from "./show.ts";
import type { TensorData } from "./stored-tensor.ts";

/** Tensors to write, by name: a `Map`, or pairs in any order. */
export type TensorEntries = Iterable<readonly [name: string, data: TensorData]>;
/** What the F32 tensors of a model can be stored as. */
export type Storage = "F32" | "F16" | "BF16";

/** How {@link serializeSafetensors} stores F32 tensors. Tensors of any other dtype are stored as they are. */
export interface StorageOptions {
  /** Default: `"F32"`, as they are. */
  readonly storage?: Storage;
  /** Default: `"refuse"`. */
  readonly overflow?: Overflow;
}

const storages: readonly Storage[] = ["F32", "F16", "BF16"];

/**
 * A safetensors file in memory. The same tensors and metadata give the same bytes, in whatever order they come: tensors are
 * sorted as the reference implementation sorts them (wider dtypes first, then by name), metadata by key, and the header is padded so that
 * the data starts at a multiple of 8 bytes.
 *
 * Throws `CheckpointError` for a name that comes twice or is no valid Unicode, bytes that do not fit shape and dtype, and a
 * number that overflows `storage`; `ConfigError` for an unknown option value.
 *
 * @param metadata strings to keep with the tensors, for instance `{ format: "pt" }`
 * @example
 * ```ts
 * const weight = encodeTensor(new Float32Array(6), [2, 3]);
 * const bytes = serializeSafetensors([["weight", weight]], { made: "by hand" }, { storage: "BF16" });
 * // The header's length, the header, the data:
 * console.log(bytes.length === 8 + 104 + 12); // true
 * ```
 * @see The format: https://github.com/huggingface/safetensors#format
 */
export function serializeSafetensors(
  tensors: TensorEntries,
  metadata: SafetensorsMetadata = {},
  options: StorageOptions = {},
): Uint8Array {
  const { storage = "F32" } = options;
  if (!storages.includes(storage)) {
    throw new ConfigError(`storage is ${quote(String(storage))}; expected one of ${storages.map(quote).join(", ")}.`, {
      expected: storages,
      got: storage,
    });
  }
  const byName = new Map<string, TensorData>();
  for (const [name, data] of tensors) {
    if (byName.has(name)) refuse(name, "came twice", "Give each tensor a name of its own");
    check(name, data);
    byName.set(name, storage !== "F32" && data.dtype === "F32" ? store(name, data, storage, options.overflow) : data);
  }
  const sorted = [...byName].toSorted(([a, x], [b, y]) => compareDTypes(x.dtype, y.dtype) || compareText(a, b));

  let offset = 0;
  const header: [string, string][] = metadataEntry(metadata);
  for (const [name, { dtype, shape, bytes }] of sorted) {
    header.push([name, JSON.stringify({ dtype, shape, data_offsets: [offset, offset + bytes.length] })]);
    offset += bytes.length;
  }
  return assemble(
    // Written pair by pair: an object would move names like "0" to the front.
    new TextEncoder().encode(`{${header.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`),
    sorted.map(([, data]) => data.bytes),
    offset,
  );
}

function assemble(header: Uint8Array, parts: readonly Uint8Array[], total: number): Uint8Array {
  const padded = Math.ceil(header.length / 8) * 8;
  if (padded > longestHeader) {
    throw new CheckpointError(
      `the header would have ${padded} bytes; readers accept at most ${longestHeader}. Use fewer tensors, shorter names or less metadata.`,
      {
        expected: longestHeader,
        got: padded,
      },
    );
  }
  const file = new Uint8Array(8 + padded + total);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(header, 8);
  file.fill(0x20, 8 + header.length, 8 + padded);
  let at = 8 + padded;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

function check(name: string, { dtype, shape, bytes }: TensorData): void {
  if (name === "__metadata__") refuse(name, "has the name that the format reserves for metadata", "Rename it");
  if (!isWellFormed(name)) refuse(name, "has a name with half a surrogate pair, which UTF-8 cannot hold", "Rename it");
  if (!isSafetensorsDType(dtype))
    refuse(name, `has dtype ${String(dtype)}`, `Use one of ${safetensorsDTypes.join(", ")}`);
  const elements = countElements(shape);
  const expected = elements === undefined ? undefined : byteLength(dtype, elements);
  if (expected !== bytes.length) {
    refuse(
      name,
      `has ${bytes.length} bytes, but shape [${shape.join(", ")}] of ${dtype} takes ${expected ?? "no possible number of"}`,
      "Give the shape and dtype that the bytes have",
    );
  }
}

function refuse(name: string, problem: string, remedy: string): never {
  throw new CheckpointError(`cannot write tensor ${quote(name)}: it ${problem}. ${remedy}.`, {
    tensor: name,
    got: problem,
  });
}

function store(name: string, data: TensorData, dtype: SafetensorsDType, overflow: Overflow = "refuse"): TensorData {
  return encodeTensor(decode(data.dtype, data.bytes)!, data.shape, { dtype, overflow, name });
}

function metadataEntry(metadata: SafetensorsMetadata): [string, string][] {
  const entries = Object.entries(metadata).toSorted(([a], [b]) => compareText(a, b));
  if (entries.length > mostKeys) {
    throw new CheckpointError(
      `metadata has ${entries.length} keys; readers accept at most ${mostKeys}. Keep it in a file of its own.`,
      { expected: mostKeys, got: entries.length },
    );
  }
  for (const [key, value] of entries) {
    if (typeof value !== "string" || !isWellFormed(key) || !isWellFormed(value)) {
      throw new CheckpointError(
        `metadata ${quote(key)} is ${quote(String(value))}; expected a string of valid Unicode. Turn it into text first, for instance with JSON.stringify.`,
        {
          expected: "a string",
          got: value,
        },
      );
    }
  }
  if (entries.length === 0) return [];
  return [["__metadata__", `{${entries.map((pair) => pair.map((text) => JSON.stringify(text)).join(":")).join(",")}}`]];
}

/** By code point, as UTF-8 sorts; `<` sorts by UTF-16 unit, which differs beyond U+FFFF. */
function compareText(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  if (i > 0 && /[\uDC00-\uDFFF]/.test(a[i] ?? "") && /[\uDC00-\uDFFF]/.test(b[i] ?? "")) i--;
  return (a.codePointAt(i) ?? -1) - (b.codePointAt(i) ?? -1);
}
