import type { FileHandle } from "node:fs/promises";

/** Writes all of some bytes at a place of a file: one call of the system may write a part, as on a disk that is nearly full, where the next one says so. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}
