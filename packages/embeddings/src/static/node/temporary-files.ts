import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CheckpointError, ConfigError } from "@tenon/tensor";

import type { Scratch, ScratchFile } from "../glove/scratch.ts";

let files = 0;

/**
 * Files for what memory has no room for, in a directory: by default the system's for temporary files. Each file loses its name as soon as it
 * is open, so that the system deletes it when the process ends, in whatever way.
 *
 * Its methods throw a ConfigError where the directory takes no file, and a CheckpointError where the disk is full or fails.
 *
 * @example
 * ```ts
 * const file = await temporaryFiles().create();
 * await file.append(Uint8Array.of(1, 2, 3));
 * const bytes = new Uint8Array(2);
 * await file.read(1, bytes);
 * console.log(bytes); // Uint8Array(2) [ 2, 3 ]
 * await file.remove();
 * ```
 */
export function temporaryFiles(directory: string = tmpdir()): Scratch {
  return {
    async create() {
      const path = join(directory, `tenon-${process.pid}-${files++}.tmp`);
      const handle = await open(path, "wx+").catch((cause: Error) => {
        throw new ConfigError(
          `temporaryFiles: cannot make a file in ${directory} (${cause.message}); name a directory that you may write to`,
          { directory },
          { cause },
        );
      });
      try {
        await unlink(path);
        return new TemporaryFile(handle, directory, undefined);
      } catch {
        return new TemporaryFile(handle, directory, path); // a system that deletes no open file
      }
    },
  };
}

class TemporaryFile implements ScratchFile {
  readonly #handle: FileHandle;
  readonly #directory: string;
  readonly #path: string | undefined;
  #size = 0;

  constructor(handle: FileHandle, directory: string, path: string | undefined) {
    this.#handle = handle;
    this.#directory = directory;
    this.#path = path;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await this.#handle
        .write(bytes, at, bytes.length - at, this.#size)
        .catch((cause: NodeJS.ErrnoException) => {
          const full = cause.code === "ENOSPC" || cause.code === "EDQUOT";
          throw new CheckpointError(
            `temporaryFiles: ${full ? `the disk of ${this.#directory} is full` : `cannot write in ${this.#directory} (${cause.message})`} ` +
              `after ${this.#size} bytes of this file; make room, name another directory, or give more memory`,
            { directory: this.#directory, bytes: this.#size },
            { cause },
          );
        });
      at += bytesWritten;
      this.#size += bytesWritten;
    }
  }

  async read(offset: number, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await this.#handle.read(bytes, at, bytes.length - at, offset + at);
      if (bytesRead === 0)
        throw new CheckpointError(
          `temporaryFiles: a file in ${this.#directory} ends at byte ${offset + at}, and ${bytes.length - at} more were to be read`,
          { directory: this.#directory },
        );
      at += bytesRead;
    }
  }

  async remove(): Promise<void> {
    await this.#handle.close();
    if (this.#path !== undefined) await unlink(this.#path);
  }
}
