import { open } from "node:fs/promises";

import type { NamedBytes } from "../sources/source-file.ts";
import { fileProblem } from "./file-problem.ts";

const chunk = 2 ** 16;

/**
 * A file as a source for `readRecords` and `corpusInMemory`, which do not know the file system; `openCorpus` takes paths as they are. Read 64 KiB
 * at a time.
 *
 * Reading throws `ConfigError` with path and remedy if the file is not there or cannot be read.
 *
 * @example
 * ```ts
 * const sources = textFiles([fileBytes("notes.txt")], "lines");
 * const error = await readRecords(sources).next().catch(String);
 * console.log(error); // ConfigError: cannot read notes.txt: there is no such file. Check the path.
 * ```
 */
export function fileBytes(path: string): NamedBytes {
  return { name: path, bytes: () => chunksOf(path) };
}

// Each chunk is an array of its own: whoever reads may keep it.
async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    const handle = await open(path, "r");
    try {
      for (;;) {
        const { bytesRead, buffer } = await handle.read(new Uint8Array(chunk), 0, chunk, null);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileProblem(error, path, "read");
  }
}
