import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

import { isTenonError } from "@tenon/tensor";
import { afterEach, beforeEach, expect, test } from "vitest";

import { filesOf } from "./files-of.ts";
import { readText } from "./read-json.ts";

let place = "";
let before = "";
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "tenon-files-of-"));
  before = process.cwd();
  process.chdir(place);
  for (const name of ["mine", "owner/name"]) {
    await mkdir(join(place, name), { recursive: true });
    await writeFile(join(place, name, "config.json"), name);
  }
});
afterEach(async () => {
  process.chdir(before);
  await rm(place, { recursive: true, force: true });
});

test("what exists or begins as a path is a folder", async () => {
  for (const [source, content] of [
    ["mine", "mine"],
    ["./mine", "mine"],
    [join(place, "mine"), "mine"],
    ["./owner/name", "owner/name"],
    ["owner/../mine", "mine"],
  ]) {
    const files = await filesOf(source!);
    expect(files.name).toBe(source);
    expect(await readText(files, "config.json")).toBe(content);
  }
  for (const source of ["./none", "../none", "/none/none", "~/none/none"]) {
    const files = await filesOf(source);
    await expect(files.open("config.json")).rejects.toThrow(
      `cannot read ${source.replace("~", homedir())}: there is no such folder.`,
    );
  }
});

test("what does not is a model of the Hub", async () => {
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = (url) => {
    asked.push(url as string);
    return Promise.resolve(new Response("{}", { status: 404 }));
  };
  const files = await filesOf("owner/another", { fetch, offline: false });
  expect(files.name).toBe("owner/another");
  await expect(files.open("config.json")).rejects.toThrow("has no model owner/another");
  expect(asked[0]).toContain("/api/models/owner/another/revision/main");
});

test("where both could be meant, the folder is taken, and its name says so", async () => {
  const files = await filesOf("owner/name");
  expect(files.name).toBe('the folder ./owner/name (for the Hub\'s model of this name, pass hub("owner/name"))');
  expect(await readText(files, "config.json")).toBe("owner/name");
});

test("what is neither is refused", async () => {
  const error: unknown = await filesOf("none").catch((error: unknown) => error);
  expect(isTenonError(error, "ConfigError") && error.message).toContain('"none" is no name of a model on the Hub');
});
