import { type FileHandle, open, stat } from "node:fs/promises";

import { CheckpointError } from "@tenon/tensor";

import { checkRange } from "../file-in-memory.ts";
import type { StoredFile } from "../stored-file.ts";
import { fileProblem } from "./file-problem.ts";

/** One read of a file handle takes at most 2 GiB. */
const longestRead = 2 ** 30;

/**
 * Opens a file of the disk that is read in pieces, so that a large one is never in memory whole. A symbolic link is followed.
 *
 * Throws `CheckpointError` naming the path and the remedy: for a path that does not exist, is a folder, a device or a pipe, or may not be read.
 * `read` throws it for a range that is not inside of the file, and when the file has become shorter meanwhile.
 *
 * @example
 * ```ts
 * await writeFileAtomically("notes.txt", new TextEncoder().encode("hello"));
 * const file = await openFile("notes.txt");
 * console.log(file.size, new TextDecoder().decode(await file.read(1, 3))); // 5 el
 * await file.close();
 * ```
 */
export async function openFile(path: string): Promise<StoredFile> {
  let handle: FileHandle | undefined;
  try {
    // Asked before it is opened: opening a pipe waits for somebody to write into it.
    const status = await stat(path);
    if (!status.isFile()) {
      const got = status.isDirectory() ? "a folder" : "a device or a pipe";
      throw new CheckpointError(`cannot read ${path}: it is ${got}. Name a file.`, {
        file: path,
        expected: "a file",
        got,
      });
    }
    handle = await open(path, "r");
    return fileOf(handle, path, (await handle.stat()).size);
  } catch (error) {
    await handle?.close();
    throw fileProblem(error, path, "read");
  }
}

function fileOf(handle: FileHandle, path: string, size: number): StoredFile {
  let closing: Promise<void> | undefined;
  return {
    name: path,
    size,
    async read(begin, end) {
      checkRange(path, begin, end, size);
      if (closing !== undefined) {
        throw new CheckpointError(`${path} is closed and can no longer be read: open it again.`, { file: path });
      }
      const bytes = new Uint8Array(end - begin);
      for (let at = 0; at < bytes.length;) {
        const length = Math.min(bytes.length - at, longestRead);
        const { bytesRead } = await handle.read(bytes, at, length, begin + at).catch((error: unknown) => {
          throw fileProblem(error, path, "read");
        });
        if (bytesRead === 0) {
          throw new CheckpointError(
            `${path} became shorter while it was read: it had ${size} bytes, and ends at ${begin + at} now. Wait until it is written, then open it again.`,
            { file: path, expected: size, got: begin + at },
          );
        }
        at += bytesRead;
      }
      return bytes;
    },
    close: () => (closing ??= handle.close()),
  };
}
