import { createHash } from "node:crypto";
import { constants, type FileHandle, open, rm } from "node:fs/promises";

import { fileProblem } from "@tenon/checkpoint/node";

import type { PartialFile } from "../hub/store.ts";

const piece = 4 * 2 ** 20;

/**
 * Opens a file that is downloaded, with what is there of it. Bytes are written to their places, not to the end, so that two processes that download the same
 * content at once, because one counts as dead and is not, write the same bytes to the same places.
 */
export async function openPartial(path: string): Promise<PartialFile & { close(): Promise<void> }> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o644);
  } catch (error) {
    throw fileProblem(error, path, "write");
  }
  let size = (await handle.stat()).size;
  return {
    get size() {
      return size;
    },
    async append(bytes) {
      try {
        for (let at = 0; at < bytes.length;) {
          const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, size);
          at += bytesWritten;
          size += bytesWritten;
        }
      } catch (error) {
        throw fileProblem(error, path, "write");
      }
    },
    async sum(kind) {
      // To the disk, before its new name says that it is whole.
      await handle.sync().catch((error: unknown) => {
        throw fileProblem(error, path, "write");
      });
      const hash = createHash(kind === "git" ? "sha1" : "sha256");
      if (kind === "git") hash.update(`blob ${size}\0`);
      const buffer = new Uint8Array(piece);
      for (let at = 0; at < size;) {
        const { bytesRead } = await handle.read(buffer, 0, Math.min(piece, size - at), at);
        if (bytesRead === 0) break;
        hash.update(buffer.subarray(0, bytesRead));
        at += bytesRead;
      }
      return hash.digest("hex");
    },
    async discard() {
      size = 0;
      await rm(path, { force: true });
    },
    close: () => handle.close(),
  };
}
