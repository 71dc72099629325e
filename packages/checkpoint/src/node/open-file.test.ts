import { execFileSync } from "node:child_process";
import { mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isTenonError } from "@tenon/tensor";
import { afterEach, beforeEach, expect, test } from "vitest";

import { openFile } from "./open-file.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-open-file-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function refused(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("it was accepted"),
    (error: unknown) => error,
  );
  if (!isTenonError(error, "CheckpointError")) throw error;
  return error.message.replaceAll(folder, "FOLDER");
}

test("pieces of a file are read wherever they lie, through a link too", async () => {
  await writeFile(join(folder, "digits"), "0123456789");
  await symlink("digits", join(folder, "link"));
  const file = await openFile(join(folder, "link"));
  const read = async (begin: number, end: number): Promise<string> =>
    new TextDecoder().decode(await file.read(begin, end));
  expect(file.size).toBe(10);
  expect(await Promise.all([read(3, 5), read(0, 10), read(9, 10), read(4, 4)])).toEqual(["34", "0123456789", "9", ""]);
  expect(await refused(file.read(9, 11))).toBe("FOLDER/link has 10 bytes; the bytes 9 to 11 are not in it.");
  await file.close();
  await file.close();
  expect(await refused(file.read(0, 1))).toBe("FOLDER/link is closed and can no longer be read: open it again.");
});

test("a file that shrinks while it is read gives an error, never fewer bytes", async () => {
  const path = join(folder, "digits");
  await writeFile(path, "0123456789");
  const file = await openFile(path);
  await truncate(path, 4);
  expect(await refused(file.read(2, 8))).toBe(
    "FOLDER/digits became shorter while it was read: it had 10 bytes, and ends at 4 now. Wait until it is written, then open it again.",
  );
  await file.close();
});

test("what is no file is refused", async () => {
  expect(await refused(openFile(join(folder, "none")))).toBe(
    "cannot read FOLDER/none: there is no such file. Check the path.",
  );
  expect(await refused(openFile(folder))).toBe("cannot read FOLDER: it is a folder. Name a file.");
});

test.skipIf(process.platform === "win32")("a pipe is refused, and not waited for", async () => {
  execFileSync("sh", ["-c", 'mkfifo "$0"', join(folder, "pipe")]);
  expect(await refused(openFile(join(folder, "pipe")))).toBe(
    "cannot read FOLDER/pipe: it is a device or a pipe. Name a file.",
  );
});

test("a file may be written in pieces, whole or not at all", async () => {
  const path = join(folder, "m");
  async function* pieces(fail: boolean): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(1, 2);
    yield Uint8Array.of();
    await Promise.resolve();
    if (fail) throw new RangeError("no more");
    yield Uint8Array.of(3);
  }
  await writeFileAtomically(path, pieces(false));
  await expect(writeFileAtomically(path, pieces(true))).rejects.toThrow("no more");
  const file = await openFile(path);
  expect([...(await file.read(0, file.size))]).toEqual([1, 2, 3]);
  await file.close();
});
