import { readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { temporaryFolder } from "../../test/tenon.ts";
import { lockFolder } from "./folder-lock.ts";

test("a folder is one process's until it lets go", async () => {
  const folder = await temporaryFolder();
  const unlock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(
    `${folder} is in use: process ${process.pid} trains there. Wait until it has ended, or choose another folder with --out; if there is no such process, delete ${join(folder, "run.lock")}.`,
  );
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});

test("the lock of a process that was killed counts no more, that of another machine does", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "run.lock");
  await writeFile(path, `999999999 ${hostname()}\n`);
  const unlock = await lockFolder(folder);
  expect(await readFile(path, "utf8")).toBe(`${process.pid} ${hostname()}\n`);
  await unlock();
  await writeFile(path, "1 far-away\n");
  await expect(lockFolder(folder)).rejects.toThrow("process 1 of far-away trains there");
});
