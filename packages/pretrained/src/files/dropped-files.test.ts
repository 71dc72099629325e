import { isTenonError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { droppedFiles } from "./dropped-files.ts";
import { readText } from "./read-json.ts";

/** A file as `<input webkitdirectory>` gives it. */
const inFolder = (path: string, content: string): File =>
  Object.defineProperty(new File([content], path.split("/").at(-1)!), "webkitRelativePath", { value: path });

test("single files are opened by their names", async () => {
  const files = droppedFiles([new File(["{}"], "config.json"), new File(["abc"], "vocab.txt")]);
  expect(await readText(files, "vocab.txt")).toBe("abc");
  expect(await files.open("merges.txt")).toBeUndefined();
  await expect(files.open("../vocab.txt")).rejects.toThrow('the chosen files: "../vocab.txt" is no path inside of it');
});

test("the chosen folder's own name is left out of the paths", async () => {
  const files = droppedFiles([inFolder("mini/config.json", "{}"), inFolder("mini/1_Pooling/config.json", "[]")]);
  expect(files.name).toBe("mini");
  expect(await readText(files, "1_Pooling/config.json")).toBe("[]");
  expect((await files.open("config.json"))?.name).toBe("mini/config.json");
});

test("two files of one name are refused", () => {
  const twice = (): unknown => droppedFiles([new File(["a"], "config.json"), new File(["b"], "config.json")]);
  expect(twice).toThrow("two of the chosen files are called config.json: choose the files of one model only.");
  expect(twice).toThrow(expect.toSatisfy((error: unknown) => isTenonError(error, "ConfigError")));
});
