import { type FileHandle, open } from "node:fs/promises";

import { CheckpointError } from "@tenon/tensor";

import { headerLength } from "../header-length.ts";
import { parseSafetensors, type SafetensorsFile } from "../parse.ts";
import { recognisable } from "../recognise.ts";
import { fileProblem } from "./file-problem.ts";

/** One read of a file handle takes at most 2 GiB. */
const longestRead = 2 ** 30;

/**
 * Reads a safetensors file from disk. Its header length is checked against the file's size before the rest is read, so a
 * wrong file is refused at once, however large.
 *
 * Throws `CheckpointError` naming the path and the remedy: for a path that does not exist, is a folder or cannot be read, and for
 * everything that {@link parseSafetensors} refuses.
 *
 * @example
 * ```ts
 * await writeSafetensors("scale.safetensors", [["scale", encodeTensor(new Float32Array([1, 2]), [2])]]);
 * const file = await readSafetensors("scale.safetensors");
 * console.log(file.tensors.get("scale")?.toFloat32()); // Float32Array(2) [ 1, 2 ]
 * ```
 */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  return parseSafetensors(await readWhole(path), { name: path });
}

async function readWhole(path: string): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const status = await handle.stat();
    if (status.isDirectory()) {
      throw new CheckpointError(`${path} is a folder; expected a safetensors file. Name a file in it.`, {
        file: path,
        expected: "a file",
        got: "a folder",
      });
    }
    if (!status.isFile()) {
      throw new CheckpointError(
        `${path} is a device or a pipe; expected a safetensors file. Copy its content to a file first.`,
        { file: path, expected: "a file", got: "a device" },
      );
    }
    const start = await fill(handle, new Uint8Array(Math.min(status.size, recognisable)), path);
    headerLength(start, status.size, path);
    return await fill(handle, new Uint8Array(status.size), path);
  } catch (error) {
    throw fileProblem(error, path, "read");
  } finally {
    await handle?.close();
  }
}

async function fill(handle: FileHandle, bytes: Uint8Array, path: string): Promise<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(bytes.length - at, longestRead), at);
    if (bytesRead === 0) {
      throw new CheckpointError(
        `${path} became shorter while it was read: ${at} of ${bytes.length} bytes came. Wait until it is written, then read it again.`,
        {
          file: path,
          expected: bytes.length,
          got: at,
        },
      );
    }
    at += bytesRead;
  }
  return bytes;
}
