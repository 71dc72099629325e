import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { Sha256 } from "./sha256.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 7919) % 251);

test("it is SHA-256, at each length around a block", () => {
  for (const length of [...Array(200).keys(), 4095, 4096, 100_003]) {
    const hash = new Sha256();
    hash.update(bytesOf(length));
    expect(hex(hash.digest()), `${length}`).toBe(createHash("sha256").update(bytesOf(length)).digest("hex"));
  }
});

test("it does not matter how the bytes are cut", () => {
  const bytes = bytesOf(10_000);
  for (const step of [1, 63, 64, 65, 1000]) {
    const hash = new Sha256();
    for (let at = 0; at < bytes.length; at += step) hash.update(bytes.subarray(at, at + step));
    expect(hex(hash.digest())).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});

test("a content of more than 2^32 bits has its length in full", () => {
  const piece = bytesOf(2 ** 20);
  const hash = new Sha256();
  const expected = createHash("sha256");
  for (let count = 0; count < 513; count++) {
    hash.update(piece);
    expected.update(piece);
  }
  expect(hex(hash.digest())).toBe(expected.digest("hex"));
});
