import { isTenonError } from "@tenon/tensor";
import { afterEach, expect, test } from "vitest";

import { droppedFiles } from "../files/dropped-files.ts";
import { readText } from "../files/read-json.ts";
import { browserFolder } from "./browser-folder.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
afterEach(async () => {
  const storage = await navigator.storage.getDirectory();
  await storage.removeEntry("models", { recursive: true }).catch(() => undefined);
});

async function refused(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("it was accepted"),
    (error: unknown) => error,
  );
  if (!isTenonError(error, "CheckpointError")) throw error;
  return error.message;
}

test("what is written to a page's storage is read from it, also by another that opens it", async () => {
  const files = browserFolder("models/mine");
  await files.write("1_Pooling/config.json", [bytes("{"), bytes("}")]);
  await files.write("model.safetensors", [Uint8Array.from({ length: 100 }, (_, index) => index)]);
  expect(await readText(browserFolder("models/mine"), "1_Pooling/config.json")).toBe("{}");
  const file = await files.open("model.safetensors");
  expect([...(await file!.read(10, 13))]).toEqual([10, 11, 12]);
  expect(await files.open("config.json")).toBeUndefined();
  expect(await files.open("2_Dense/config.json")).toBeUndefined();
  const models = await (await navigator.storage.getDirectory()).getDirectoryHandle("models");
  expect(await readText(browserFolder(await models.getDirectoryHandle("mine")), "1_Pooling/config.json")).toBe("{}");
});

test("a write that fails leaves the old file, or none", async () => {
  const files = browserFolder("models/mine");
  await files.write("config.json", [bytes("old")]);
  function* failing(): Generator<Uint8Array> {
    yield bytes("new");
    throw new RangeError("no more");
  }
  await expect(files.write("config.json", failing())).rejects.toThrow("no more");
  await expect(files.write("vocab.txt", failing())).rejects.toThrow("no more");
  expect(await readText(files, "config.json")).toBe("old");
  expect(await files.open("vocab.txt")).toBeUndefined();
});

test("a folder that is not there, and paths that lead out, are said", async () => {
  expect(await refused(browserFolder("models/none").open("config.json"))).toBe(
    "there is no folder models/none in this browser's storage for this page. Check the path; it is made when something is saved into it.",
  );
  expect(await refused(browserFolder("models/mine").write("../evil", [bytes("")]))).toContain(
    'models/mine: "../evil" is no path inside of it',
  );
  expect(() => browserFolder("../models")).toThrow('"../models" is no path inside of it');
});

test("files that are dropped on a page are read", async () => {
  const dropped = new DataTransfer();
  dropped.items.add(new File(["{}"], "config.json"));
  dropped.items.add(new File(["abc"], "vocab.txt"));
  const files = droppedFiles(dropped.files);
  expect(await readText(files, "vocab.txt")).toBe("abc");
  expect(await files.open("merges.txt")).toBeUndefined();
});

test("a dropped file that changes later gives an error", async () => {
  const folder = browserFolder("models/mine");
  await folder.write("config.json", [bytes("old")]);
  const handle = await (
    await navigator.storage.getDirectory()
  )
    .getDirectoryHandle("models")
    .then((models) => models.getDirectoryHandle("mine"))
    .then((mine) => mine.getFileHandle("config.json"));
  const file = await droppedFiles([await handle.getFile()]).open("config.json");
  await new Promise((resolve) => setTimeout(resolve, 20));
  await folder.write("config.json", [bytes("newer")]);
  expect(await refused(file!.read(0, 3))).toBe("config.json can no longer be read: choose the file again.");
});
