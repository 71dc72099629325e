import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";

import { ConfigError } from "@tenon/tensor";

/**
 * The lines of a UTF-8 text, without what ends them, one after the other: the text may be larger than memory. A line break at the very end begins no line. Throws
 * `ConfigError`, naming the line, for what is no UTF-8.
 *
 * @yields each line
 */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let count = 0;
  const decode = (piece?: Uint8Array): string => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch (cause) {
      throw new ConfigError(
        `${what} is not valid UTF-8 somewhere after line ${count}. Save it as UTF-8 first.`,
        { line: count },
        { cause },
      );
    }
  };
  for await (const piece of bytes) {
    const lines = (rest + decode(piece)).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      count++;
      yield withoutReturn(line);
    }
  }
  rest += decode();
  if (rest !== "") yield withoutReturn(rest);
}

const withoutReturn = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);

/**
 * The bytes of a file, or of what is piped in. Throws `ConfigError` for a file that cannot be read, when it is.
 *
 * @yields them in pieces
 */
export async function* bytesOf(path: string | undefined, stdin: Readable): AsyncGenerator<Uint8Array> {
  if (path === undefined) {
    for await (const piece of stdin) yield piece as Uint8Array;
    return;
  }
  try {
    for await (const piece of createReadStream(path)) yield piece as Uint8Array;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === "ENOENT"
        ? "there is no such file"
        : code === "EISDIR"
          ? "it is a folder"
          : String((cause as Error).message);
    throw new ConfigError(`cannot read ${path}: ${why}. Check the path.`, { file: path }, { cause });
  }
}
