import { mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { temporaryFiles } from "./temporary-files.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tenon-test-"));
});
afterEach(() => rm(directory, { recursive: true }));

test("what was written is read back, and nothing is left behind", async () => {
  const file = await temporaryFiles(directory).create();
  await file.append(Uint8Array.of(1, 2, 3));
  await file.append(Uint8Array.of(4, 5));
  const bytes = new Uint8Array(3);
  await file.read(1, bytes);
  expect([...bytes]).toEqual([2, 3, 4]);
  await expect(file.read(3, bytes)).rejects.toThrow("ends at byte 5, and 1 more were to be read");
  await file.remove();
  expect(await readdir(directory)).toEqual([]);
});

test("a directory that is not there, and a full disk", async () => {
  await expect(temporaryFiles(join(directory, "none")).create()).rejects.toThrow(
    /cannot make a file in .*name a directory/,
  );

  const file = await temporaryFiles(directory).create();
  const some = await open(join(directory, "some"), "w");
  const write = vi.spyOn(Object.getPrototypeOf(some) as typeof some, "write");
  write.mockRejectedValue(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }));
  await expect(file.append(new Uint8Array(8))).rejects.toThrow(
    `the disk of ${directory} is full after 0 bytes of this file; make room, name another directory, or give more memory`,
  );
  write.mockRestore();
  await some.close();
  await file.remove();
});
