import { type FileHandle, open } from "node:fs/promises";

import { ConfigError } from "@tenon/tensor";

import type { ShardBytes } from "../read/shard-bytes.ts";
import { fileProblem } from "./file-problem.ts";

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  users: number;
}

/** Shards in files, of which the few that were used last are open. What is read is read at its place: nothing else of a shard comes into memory. */
export class ShardsOnDisk implements ShardBytes {
  readonly #pathOf: (shard: number) => string;
  readonly #most: number;
  /** In the order of use, the latest last. */
  readonly #open: Map<number, OpenFile> = new Map();
  #closed = false;

  constructor(pathOf: (shard: number) => string, most = 16) {
    this.#pathOf = pathOf;
    this.#most = most;
  }

  async read(shard: number, at: number, count: number): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#closed) throw new ConfigError("the corpus is closed");
    const path = this.#pathOf(shard);
    const file = this.#take(shard, path);
    file.users++;
    try {
      const bytes = new Uint8Array(count);
      const handle = await file.handle;
      for (let done = 0; done < count;) {
        const { bytesRead } = await handle.read(bytes, done, count - done, at + done);
        if (bytesRead === 0) throw changed(path, "is shorter than it was");
        done += bytesRead;
      }
      return bytes;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") throw changed(path, "is gone");
      throw fileProblem(error, path, "read");
    } finally {
      file.users--;
      await this.#closeOldest(this.#closed ? 0 : this.#most);
    }
  }

  #take(shard: number, path: string): OpenFile {
    const found = this.#open.get(shard);
    this.#open.delete(shard);
    const file = found ?? {
      handle: open(path, "r").catch((error: unknown) => {
        // The next reader tries again.
        this.#open.delete(shard);
        throw error;
      }),
      users: 0,
    };
    this.#open.set(shard, file);
    return file;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#closeOldest(0);
  }

  async #closeOldest(most: number): Promise<void> {
    for (const [shard, { handle, users }] of this.#open) {
      if (this.#open.size <= most) return;
      if (users > 0) continue;
      this.#open.delete(shard);
      await handle.then((open) => open.close()).catch(() => undefined);
    }
  }
}

function changed(path: string, what: string): ConfigError {
  return new ConfigError(
    `${path} ${what}: another process has made this folder's corpus anew, or somebody has touched it. Open the corpus again.`,
    { file: path },
  );
}
