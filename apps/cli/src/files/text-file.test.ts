import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isTenonError } from "@tenon/tensor";
import { afterEach, beforeEach, expect, test } from "vitest";

import { readJsonFile } from "./json-file.ts";
import { readTextFile } from "./text-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-cli-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("it was accepted"),
    (error: unknown) => error,
  );
  if (!isTenonError(error, "ConfigError")) throw error;
  return error.message.replaceAll(folder, "FOLDER");
}

test("a text is read as it is", async () => {
  const path = join(folder, "notes.txt");
  await writeFile(path, "one\r\ntwo 🦊\n");
  expect(await readTextFile(path)).toBe("one\r\ntwo 🦊\n");
});

test("each file that is no text gives one clear error", async () => {
  const path = join(folder, "notes.txt");
  expect(await refusal(readTextFile(path))).toBe(
    "cannot read FOLDER/notes.txt: there is no such file. Check the path.",
  );
  expect(await refusal(readTextFile(folder))).toBe("FOLDER is a folder; expected a text file. Name a file in it.");
  await writeFile(path, "");
  expect(await refusal(readTextFile(path))).toBe(
    "FOLDER/notes.txt is empty; expected a text. Give a file with something in it.",
  );
  expect(await refusal(readTextFile(join(path, "deeper")))).toContain("part of the path is a file, not a folder");
  await writeFile(path, Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0));
  expect(await refusal(readTextFile(path))).toContain("FOLDER/notes.txt is no text: byte 4 is 0");
});

test.skipIf(process.platform === "win32")("a device is refused", async () => {
  expect(await refusal(readTextFile("/dev/zero"))).toContain("/dev/zero is a device or a pipe; expected a text file.");
});

test("JSON that is broken says where", async () => {
  const path = join(folder, "spec.json");
  await writeFile(path, '{ "kind": "decoder" }');
  expect(await readJsonFile(path)).toEqual({ kind: "decoder" });
  await writeFile(path, '{\n  "kind": decoder }');
  expect(await refusal(readJsonFile(path))).toMatch(/^FOLDER\/spec.json is not valid JSON: .*decoder.*\. Correct it/s);
  await mkdir(join(folder, "sub"));
  expect(await refusal(readJsonFile(join(folder, "sub")))).toContain("is a folder");
});
