import { ConfigError } from "@tenon/tensor";

import { unpacked } from "./gunzip.ts";
import type { NamedBytes } from "./source-file.ts";

// A file as text, chunk by chunk: unpacked if it is packed, without a byte order mark, and with each CR LF as one LF. A character is never split.
//
// Throws `ConfigError` with line and byte for what is no UTF-8: U+FFFD in its place would be learned as text.
export async function* textOf(file: NamedBytes): AsyncGenerator<string> {
  let held = "";
  for await (const text of decoded(file)) {
    const whole = held + text;
    // Its LF may come with the next chunk.
    held = whole.endsWith("\r") ? "\r" : "";
    const ready = held === "" ? whole : whole.slice(0, -1);
    if (ready !== "") yield ready.includes("\r") ? ready.replaceAll("\r\n", "\n") : ready;
  }
  if (held !== "") yield held;
}

const none = new Uint8Array(0);

async function* decoded(file: NamedBytes): AsyncGenerator<string> {
  // The mark is taken away here: of two, Node 24's decoder takes one or both, as the chunks end.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let [before, line, tail, isFirst] = [0, 1, none, true];
  for await (const chunk of unpacked(file)) {
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      const bytes = joined(tail, chunk);
      // Behind the tail: that alone was fine.
      const at = firstInvalid(bytes) - tail.length;
      throw new ConfigError(
        `${file.name} is not UTF-8: byte ${before + at}, 0x${chunk[at]!.toString(16).padStart(2, "0")} in line ${line + breaksIn(chunk.subarray(0, at))}, cannot stand there. Convert the file to UTF-8, with iconv for example.`,
        { file: file.name, byte: before + at },
      );
    }
    before += chunk.length;
    line += breaksIn(chunk);
    tail = unfinished(joined(tail, chunk.subarray(-3)));
    if (text === "") continue;
    const unmarked = isFirst && text.startsWith("\ufeff") ? text.slice(1) : text;
    isFirst = false;
    if (unmarked !== "") yield unmarked;
  }
  try {
    decoder.decode();
  } catch {
    throw new ConfigError(
      `${file.name} is not UTF-8: it ends in line ${line}, after ${before} bytes, in the midst of a character. It may have been cut; get it again.`,
      { file: file.name, byte: before },
    );
  }
}

/** The index of the byte at which the bytes stop being the beginning of something valid. */
function firstInvalid(bytes: Uint8Array): number {
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      valid = middle;
    } catch {
      invalid = middle;
    }
  }
  return invalid - 1;
}

/** The last three bytes at most, from where a character begins: all that can belong to one that is not whole yet. */
function unfinished(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const last = bytes.slice(-3);
  const start = last.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return start === -1 ? none : last.subarray(start);
}

function breaksIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
