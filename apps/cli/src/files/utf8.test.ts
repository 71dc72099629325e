import { expect, test } from "vitest";

import { decodeUtf8 } from "./utf8.ts";

test("UTF-8 is read, without its byte order mark", () => {
  expect(decodeUtf8(Buffer.from("\uFEFFnaïve 狐 🦊 \uFFFD"), "x")).toBe("naïve 狐 🦊 \uFFFD");
  expect(decodeUtf8(new Uint8Array(0), "x")).toBe("");
});

test("what is no UTF-8 is refused with its place", () => {
  const refusal = (...bytes: number[]): (() => string) => {
    return () => decodeUtf8(Uint8Array.from(bytes), "notes.txt");
  };
  const iconv = "Convert it first, for instance with `iconv -f LATIN1 -t UTF-8`.";
  expect(refusal(0x61, 0xe9, 0x62)).toThrow(`notes.txt is not UTF-8: byte 1 (0xE9) starts no character. ${iconv}`);
  expect(refusal(0xef, 0xbf, 0xbd, 0x61, 0xff)).toThrow("byte 4 (0xFF)");
  expect(refusal(0xef, 0xbb, 0xbf, 0x61, 0xe7, 0x8b)).toThrow("byte 4 (0xE7)");
  expect(refusal(0x61, 0x00)).toThrow("notes.txt is no text: byte 1 is 0, as in binary files. Give a UTF-8 text.");
  expect(refusal(0xff, 0xfe, 0x61, 0x00)).toThrow("notes.txt is UTF-16 text; Tenon reads UTF-8.");
});
