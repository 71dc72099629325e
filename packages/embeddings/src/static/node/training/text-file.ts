import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";

import { fileProblem } from "@tenon/checkpoint/node";
import { ConfigError } from "@tenon/tensor";

import type { Text } from "../../training/text.ts";

const readAtOnce = 1 << 18;
const lineBreak = Uint8Array.of(10);

interface File {
  readonly path: string;
  readonly bytes: number;
  readonly isCompressed: boolean;
}

/**
 * Text in a file, or in several that follow one another, to train on: read as a stream, as often as it is needed. A file that is compressed
 * with gzip, whatever its name, is decompressed on the fly. A line ends where a file ends.
 *
 * Throws a CheckpointError for a path that cannot be read, and a ConfigError where no path is given; reading rejects with a ConfigError
 * where a compressed file is damaged.
 *
 * @example
 * ```ts
 * await writeVectorFile("sun.txt", new WordVectors({ words: ["sun"], data: Float32Array.of(1, 0) })); // any text
 * const text = await textFile(["sun.txt", "sun.txt"]);
 * console.log(text.name); // sun.txt and 1 more
 * ```
 */
export async function textFile(path: string | readonly string[]): Promise<Text> {
  const paths = typeof path === "string" ? [path] : path;
  if (paths.length === 0) throw new ConfigError("textFile: give one path at least");
  const files = await Promise.all(paths.map(examine));
  return {
    name: paths.length === 1 ? paths[0]! : `${paths[0]!} and ${paths.length - 1} more`,
    async *read(from) {
      let skip = from;
      for (const [n, file] of files.entries()) {
        if (n > 0) {
          if (skip === 0) yield lineBreak;
          skip = Math.max(0, skip - 1);
        }
        for await (const piece of file.isCompressed ? decompressed(file) : plain(file, skip)) {
          // What is compressed can only be read from its beginning.
          const skipped = file.isCompressed ? Math.min(skip, piece.length) : 0;
          skip -= skipped;
          if (skipped < piece.length) yield piece.subarray(skipped);
        }
        if (!file.isCompressed) skip = Math.max(0, skip - file.bytes);
      }
    },
  };
}

async function examine(path: string): Promise<File> {
  try {
    const handle = await open(path);
    try {
      const { size } = await handle.stat();
      const { buffer, bytesRead } = await handle.read(new Uint8Array(2), 0, 2, 0);
      return { path, bytes: size, isCompressed: bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileProblem(error, path, "read");
  }
}

async function* plain({ path, bytes }: File, from: number): AsyncIterable<Uint8Array> {
  if (from >= bytes) return;
  try {
    yield* createReadStream(path, { start: from, highWaterMark: readAtOnce }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw fileProblem(error, path, "read");
  }
}

async function* decompressed({ path }: File): AsyncIterable<Uint8Array> {
  const stream = createGunzip({ chunkSize: readAtOnce });
  pipeline(createReadStream(path, { highWaterMark: readAtOnce }), stream, () => undefined); // the stream tells of errors
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (cause) {
    const isDamage = String((cause as NodeJS.ErrnoException).code).startsWith("Z_");
    if (!isDamage) throw fileProblem(cause, path, "read");
    throw new ConfigError(
      `${path}: what gzip compressed is damaged or cut off (${(cause as Error).message}); get the file anew`,
      { file: path },
      { cause },
    );
  }
}
