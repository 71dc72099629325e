import { isTenonError, type TenonError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { headerLength } from "./header-length.ts";
import { parseSafetensors } from "./parse.ts";

/** A length field and these characters, which need not be that many. */
function claim(length: bigint, text = "{}"): Uint8Array {
  const bytes = new Uint8Array(8 + text.length);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  bytes.set(latin(text), 8);
  return bytes;
}

const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function refused(bytes: Uint8Array): TenonError {
  try {
    parseSafetensors(bytes, { name: "m.safetensors" });
  } catch (error) {
    if (isTenonError(error, "CheckpointError")) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

test("gives the length of the header", () => {
  expect(headerLength(claim(2n), 10, "m")).toBe(2);
});

const damaged = "m.safetensors is not a safetensors file, or is damaged: ";
test.each([
  ["no bytes", new Uint8Array(0), "m.safetensors is empty (0 bytes); expected a safetensors file"],
  ["three bytes", new Uint8Array(3), `${damaged}it has 3 bytes. Expected at least 10`],
  ["nine bytes", new Uint8Array(9), `${damaged}it has 9 bytes. Expected at least 10`],
  ["a length of 0", claim(0n), `${damaged}its first 8 bytes announce a header of 0 bytes. Expected 2 or more`],
  ["a length of 1", claim(1n), `${damaged}its first 8 bytes announce a header of 1 bytes. Expected 2 or more`],
  [
    "a length beyond the file",
    claim(3n),
    `${damaged}its first 8 bytes announce a header of 3 bytes, but only 2 follow.`,
  ],
  [
    "a length at the limit",
    claim(100_000_000n),
    "announce a header of 100000000 bytes, but only 2 follow. Expected at most 2",
  ],
  [
    "a length beyond the limit",
    claim(100_000_001n),
    "announce a header of 100000001 bytes. Expected at most 100000000",
  ],
  [
    "the greatest length",
    claim(2n ** 64n - 1n),
    "announce a header of 18446744073709551615 bytes. Expected at most 100000000",
  ],
  ["a header that is no object", claim(2n, "[]"), `${damaged}its header starts with byte 91. Expected "{"`],
  ["white space before the header", claim(3n, " {}"), `${damaged}its header starts with byte 32. Expected "{"`],
])("refuses %s", (_, bytes, message) => {
  const error = refused(bytes);
  expect(error.message).toContain(message);
  expect(error.message).toMatch(/ Download or export it again\.$/);
  expect(JSON.parse(JSON.stringify(error.fields))).toEqual(error.fields);
});

test.each([
  [
    "version https://git-lfs.github.com/spec/v1\noid",
    'a Git LFS pointer, a note that stands where the weights should be. Fetch the real file with "git lfs pull"',
  ],
  ["<!DOCTYPE html><html></html>", "a web page. The download gave an error or a login page: download the file itself."],
  ['{"model_type": "gpt2"}', "JSON text. Give the .safetensors file, not its config or index."],
  ["PK\x03\x04aaaaaaaaaaaaaaaa", "a ZIP archive, perhaps a PyTorch checkpoint. Convert it to safetensors"],
  ["\x80\x02}q\x01aaaaaaaa", "a Python pickle, perhaps a PyTorch checkpoint. Convert it to safetensors"],
  ["GGUF\x03\0\0\0aaaa", "a GGUF model. Open it with openGguf()"],
  ["\x93NUMPY\x01\0v\0{'descr'", "a NumPy array."],
  ["\x1f\x8baaaaaaaaa", "a gzip archive. Unpack it first."],
])("says what %j looks like", (text, message) => {
  expect(refused(latin(text)).message).toContain(`m.safetensors is not a safetensors file: it looks like ${message}`);
});
