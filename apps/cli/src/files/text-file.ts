import { gunzipSync } from "node:zlib";

import { ConfigError } from "@tenon/tensor";

import { largestFile, readFileBytes } from "./read-file.ts";
import { decodeUtf8 } from "./utf8.ts";

/** The text of a UTF-8 file, or of a gzip file (.gz) of one. Throws `ConfigError` for everything else: no file, a folder, nothing in it, a binary file, another encoding. */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFileBytes(path, "a text file");
  if (bytes.length === 0) throw new ConfigError(`${path} is empty; expected a text. Give a file with something in it.`);
  return decodeUtf8(isGzip(bytes) ? unpacked(bytes, path) : bytes, path);
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function unpacked(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: largestFile });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw new ConfigError(
        `${path} has more than ${largestFile / 1e6} MB when it is unpacked, and no more can be read. Use a part of it.`,
        { file: path },
        { cause },
      );
    }
    throw new ConfigError(
      `cannot unpack ${path}: ${cause instanceof Error ? cause.message : String(cause)}. The file is damaged or cut short; get it again.`,
      { file: path },
      { cause },
    );
  }
}
