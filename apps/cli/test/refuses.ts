import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { tenon } from "./tenon.ts";

/** What is wrong, the arguments, and the message that is to come. `input` is piped into the command. */
export type Case = readonly [what: string, args: string, message: string | RegExp, input?: string | Uint8Array];

let folder = "";

/**
 * For a file of tests: makes a folder with bad input in it for `refuses` to work in. At the end, no file in it may have changed.
 */
export function inFolderOf(make: (folder: string) => Promise<void>): void {
  let before: string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tenon-cli-"));
    await make(folder);
    before = await fingerprints();
  }, 60_000);
  afterAll(async () => {
    const after = await fingerprints();
    await rm(folder, { recursive: true, force: true });
    expect(after).toEqual(before);
  });
}

/**
 * Bad input as a person meets it: one clear message on stderr, exit code 1, nothing on stdout, no stack trace. The arguments are cut at
 * spaces; an underscore stands for a space in one.
 */
export function refuses(cases: readonly Case[]): void {
  test.concurrent.for(cases)("%s", async ([, args, message, input], { expect }) => {
    const words = args.split(" ").map((word) => word.replaceAll("_", " "));
    const { code, stdout, stderr } = await tenon(words, folder, input);
    const said = stderr.replaceAll(folder, "FOLDER");
    expect(said).toMatch(/^error: /);
    expect(said).not.toMatch(/^ +at /m);
    if (typeof message === "string") expect(said).toBe(`error: ${message}\n`);
    else expect(said).toMatch(message);
    expect([code, stdout]).toEqual([1, ""]);
  });
}

async function fingerprints(): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      if ((await stat(path)).isDirectory()) return name;
      return `${name} ${createHash("sha256")
        .update(await readFile(path))
        .digest("hex")}`;
    }),
  );
}
