import { CheckpointError } from "@tenon/tensor";

import { headerLength } from "./header-length.ts";
import { headerText } from "./header-text.ts";
import { readHeader, type SafetensorsMetadata } from "./header.ts";
import { checkLayout } from "./layout.ts";
import { recognisable } from "./recognise.ts";
import { StoredTensor } from "./stored-tensor.ts";

/** A parsed safetensors file. */
export interface SafetensorsFile {
  /** What the file is called in messages. */
  readonly name: string;
  /** The tensors by name, in the order in which their bytes lie in the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The strings under `__metadata__`; empty when the file has none. */
  readonly metadata: SafetensorsMetadata;
}

/**
 * Reads a safetensors file that is in memory. Every claim of its header is checked (see the README's list) before a
 * tensor is handed out; the tensors are windows on `bytes`, not copies, so leave `bytes` unchanged while they are in use.
 *
 * Throws `CheckpointError`, and nothing else, for bytes that are not a sound safetensors file.
 *
 * @param options.name what to call the file in messages; its path is best
 * @example
 * ```ts
 * const bytes = serializeSafetensors([["scale", encodeTensor(new Float32Array([1, 2]), [2])]], { made: "by hand" });
 * const file = parseSafetensors(bytes, { name: "scale.safetensors" });
 * console.log([...file.tensors.keys()], file.metadata.made); // [ 'scale' ] by hand
 * ```
 * @see The format: https://github.com/huggingface/safetensors#format
 */
export function parseSafetensors(bytes: Uint8Array, options: { readonly name?: string } = {}): SafetensorsFile {
  const file = options.name ?? "safetensors data";
  // By tag, because the bytes may come from another frame or realm, where `instanceof` fails.
  const kind = Object.prototype.toString.call(bytes).slice(8, -1);
  if (kind !== "Uint8Array") {
    throw new CheckpointError(`${file}: expected a Uint8Array, got ${kind}. Wrap it: new Uint8Array(buffer).`, {
      file,
      expected: "Uint8Array",
      got: kind,
    });
  }
  const length = headerLength(bytes.subarray(0, recognisable), bytes.length, file);
  const { entries, metadata } = readHeader(headerText(bytes.subarray(8, 8 + length), file), file);
  // A plain array, also over a Node `Buffer`, whose `slice` does not copy.
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + 8 + length, bytes.length - 8 - length);
  checkLayout(entries, data.length, file);
  const tensors = new Map(
    entries.map(({ name, dtype, shape, begin, end }) => [
      name,
      new StoredTensor(file, name, { dtype, shape, bytes: data.subarray(begin, end) }),
    ]),
  );
  return { name: file, tensors, metadata };
}
