import type { StoredFile } from "../stored-file.ts";
import { recognise, recognisable } from "../recognise.ts";
import { show } from "../show.ts";
import { GgufTensor } from "./gguf-tensor.ts";
import { HeaderCursor } from "./header-cursor.ts";
import { readMetadata, type GgufMetadata, type GgufValue } from "./metadata.ts";
import { refuse } from "./refuse.ts";
import { checkExtents, readTensorInfos } from "./tensor-info.ts";

/** A GGUF file whose header has been read and checked. Its tensors' bytes are still in the file. */
export interface GgufFile {
  /** What the file is called in messages. */
  readonly name: string;
  /** 2 or 3. */
  readonly version: number;
  readonly metadata: GgufMetadata;
  /** The tensors by name, in the order of the header. */
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** "GGUF", as the little-endian number that its bytes are. */
const magic = 0x46554747;
const alignmentKey = "general.alignment";
const usualAlignment = 32;

/**
 * Opens a GGUF file, the format of llama.cpp: reads its header, in pieces, and checks every claim of it against the file's size before anything is
 * made to hold what it claims. The tensors are read one by one when they are asked for, so leave the file open until then.
 *
 * Versions 2 and 3, little-endian. Throws `CheckpointError`, and nothing else, for what is no sound GGUF file, naming the key or tensor.
 *
 * @example
 * ```ts
 * // An empty model: magic, version 3, no tensors, no metadata.
 * const bytes = Uint8Array.of(0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0, ...new Uint8Array(16));
 * const { version, tensors } = await openGguf(fileInMemory("empty.gguf", bytes));
 * console.log(version, tensors.size); // 3 0
 * ```
 * @see The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export async function openGguf(file: StoredFile): Promise<GgufFile> {
  const { name } = file;
  await expectGguf(file);
  const cursor = new HeaderCursor(file);
  await cursor.need(24, "the beginning of the header");
  cursor.take(4);
  const version = cursor.uint32();
  checkVersion(version, name);
  const tensorCount = cursor.count("the number of tensors");
  const keyCount = cursor.count("the number of metadata keys");
  const metadata = await readMetadata(cursor, keyCount, name);
  const infos = await readTensorInfos(cursor, tensorCount, name);

  const alignment = checkAlignment(metadata.get(alignmentKey), name);
  const dataBegin = Math.ceil(cursor.position / alignment) * alignment;
  checkExtents(infos, Math.max(0, file.size - dataBegin), alignment, name);
  const tensors = new Map(infos.map((info) => [info.name, new GgufTensor(file, info, dataBegin)]));
  return { name, version, metadata, tensors };
}

async function expectGguf(file: StoredFile): Promise<void> {
  const start = await file.read(0, Math.min(file.size, recognisable));
  if (start.length >= 4 && new DataView(start.buffer, start.byteOffset).getUint32(0, true) === magic) return;
  const kind = recognise(start);
  if (kind !== undefined) {
    const remedy = kind.what.startsWith("JSON") ? "Give the .gguf file itself." : kind.remedy;
    refuse(file.name, `this is no GGUF file; it looks like ${kind.what}`, { expected: "GGUF", got: kind.what }, remedy);
  }
  refuse(file.name, `this is no GGUF file: it does not begin with "GGUF"`, {
    expected: "GGUF",
    got: [...start.subarray(0, 4)],
  });
}

function checkVersion(version: number, file: string): void {
  if (version === 2 || version === 3) return;
  // A version below 65536 that was written the other way round.
  if (version !== 0 && (version & 0xffff) === 0)
    refuse(
      file,
      "this GGUF file is big-endian; Tenon reads little-endian ones",
      { expected: "little-endian", got: "big-endian" },
      "Convert it with gguf-convert-endian of the Python package gguf, or download the little-endian file.",
    );
  refuse(
    file,
    `this is a GGUF file of version ${version}; Tenon reads versions 2 and 3`,
    { expected: "2 or 3", got: version },
    "Convert it with llama.cpp.",
  );
}

function checkAlignment(value: GgufValue | undefined, file: string): number {
  if (value === undefined) return usualAlignment;
  if (typeof value === "number" && Number.isInteger(Math.log2(value)) && value >= 1 && value <= 2 ** 31) return value;
  const got = typeof value === "object" ? "a list" : typeof value === "bigint" ? String(value) : show(value);
  return refuse(file, `metadata "${alignmentKey}" is ${got}; expected a power of two`, {
    key: alignmentKey,
    expected: "a power of two",
    got,
  });
}
