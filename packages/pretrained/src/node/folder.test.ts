import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isTenonError } from "@tenon/tensor";
import { afterEach, beforeEach, expect, test } from "vitest";

import { readText } from "../files/read-json.ts";
import { folder } from "./folder.ts";

let place = "";
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "tenon-folder-"));
});
afterEach(() => rm(place, { recursive: true, force: true }));

async function refused(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("it was accepted"),
    (error: unknown) => error,
  );
  if (!isTenonError(error, "CheckpointError")) throw error;
  return error.message.replaceAll(place, "PLACE");
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("what is written is read, and folders are made", async () => {
  const files = folder(join(place, "new/model"));
  await files.write("1_Pooling/config.json", [bytes("{"), bytes("}")]);
  expect(await readText(files, "1_Pooling/config.json")).toBe("{}");
  expect(await files.open("config.json")).toBeUndefined();
  expect(await files.open("2_Dense/config.json")).toBeUndefined();
  expect(await files.open("1_Pooling/config.json/deeper")).toBeUndefined();
});

test("a failed write leaves the old file and nothing else", async () => {
  const files = folder(place);
  await files.write("config.json", [bytes("old")]);
  function* failing(): Generator<Uint8Array> {
    yield bytes("new");
    throw new RangeError("no more");
  }
  await expect(files.write("config.json", failing())).rejects.toThrow("no more");
  expect(await readText(files, "config.json")).toBe("old");
  expect(await readdir(place)).toEqual(["config.json"]);
});

test("no path leads out of the folder, neither to read nor to write", async () => {
  await writeFile(join(place, "secret"), "secret");
  const files = folder(join(place, "model"));
  await mkdir(join(place, "model"));
  for (const path of [
    "../secret",
    "a/../../secret",
    join(place, "secret"),
    "..\\secret",
    "C:secret",
    "a\0b",
    "",
    ".",
  ]) {
    expect(await refused(files.open(path))).toBe(
      `PLACE/model: ${JSON.stringify(path).replaceAll(place, "PLACE")} is no path inside of it, such as "1_Pooling/config.json"`,
    );
    expect(await refused(files.write(path, [bytes("evil")]))).toContain("is no path inside of it");
  }
  expect(await readText(folder(place), "secret")).toBe("secret");
});

test.skipIf(process.platform === "win32")("links are followed out of it, as the Hub's cache needs", async () => {
  await mkdir(join(place, "blobs"));
  await writeFile(join(place, "blobs/abc"), "{}");
  await mkdir(join(place, "snapshots/1"), { recursive: true });
  await symlink("../../blobs/abc", join(place, "snapshots/1/config.json"));
  await symlink("../../blobs/gone", join(place, "snapshots/1/vocab.txt"));
  const files = folder(join(place, "snapshots/1"));
  expect(await readText(files, "config.json")).toBe("{}");
  expect(await files.open("vocab.txt")).toBeUndefined();
});

test("a folder that is none, and a file that is none, are said", async () => {
  await writeFile(join(place, "file"), "");
  await mkdir(join(place, "model/config.json"), { recursive: true });
  expect(await refused(folder(join(place, "none")).open("config.json"))).toBe(
    "cannot read PLACE/none: there is no such folder. Name the folder that holds the model's files.",
  );
  expect(await refused(folder(join(place, "file")).open("config.json"))).toBe(
    "cannot read PLACE/file: it is no folder. Name the folder that holds the model's files.",
  );
  expect(await refused(folder(join(place, "model")).open("config.json"))).toBe(
    "cannot read PLACE/model/config.json: it is a folder. Name a file.",
  );
  expect(await refused(folder(join(place, "file")).write("config.json", []))).toContain("cannot write PLACE/file: ");
});
