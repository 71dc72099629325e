// Whatever is wrong with a file: one ConfigError, or the right tokens.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { isTenonError, type Random, random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { decoded, testFolder, text, written } from "../../test/folder.ts";
import { readRecords } from "../sources/read-records.ts";
import type { NamedBytes } from "../sources/source-file.ts";
import { jsonLines, parallelText, type Sources, textFiles } from "../sources/sources.ts";

const { at, open } = testFolder();

const pieces = [
  "\n",
  "\r\n",
  "\r",
  " ",
  "a",
  "é",
  "🐈",
  '"',
  "{",
  '{"a": "b"}',
  '{"a": 1}',
  "[",
  "\\",
  "<|end|>",
  "\ufeff",
  "\0",
];
function randomBytes(dice: Random): Uint8Array<ArrayBuffer> {
  let text = "";
  for (let left = dice.integer(30); left > 0; left--) text += dice.pick(pieces);
  const bytes = new TextEncoder().encode(text);
  if (dice.integer(3) === 0 && bytes.length > 0) bytes[dice.integer(bytes.length)] = dice.integer(256);
  if (dice.integer(5) > 0) return bytes;
  const packed = Uint8Array.from(gzipSync(bytes));
  if (dice.integer(2) === 0) packed[dice.integer(packed.length)] = dice.integer(256);
  return dice.integer(3) === 0 ? packed.slice(0, dice.integer(packed.length)) : packed;
}

/** The same file in chunks of random sizes. */
const inChunks = (bytes: Uint8Array, dice: Random): NamedBytes => ({
  name: "a file",
  async *bytes() {
    for (let at = 0; at < bytes.length;) {
      const next = at + 1 + dice.integer(9);
      yield bytes.subarray(at, next);
      at = next;
    }
  },
});
/** All texts, or the message of the one error that there may be. */
async function outcome(sources: Sources, packed: boolean): Promise<string | string[]> {
  const all: string[] = [];
  try {
    for await (const { texts } of readRecords(sources)) all.push(...texts);
    return all;
  } catch (error) {
    if (!isTenonError(error, "ConfigError")) throw error;
    // What damaged packed bytes give before the damage is found depends on their chunks, and may be no UTF-8.
    return packed ? "refused" : error.message;
  }
}

test("sources of random bytes give texts or a refusal, the same wherever their chunks end", async () => {
  const dice = random(1);
  const counts = { read: 0, refused: 0 };
  for (let i = 0; i < 1000; i++) {
    const [one, two] = [randomBytes(dice), randomBytes(dice)];
    const rule = dice.pick(["whole", "lines", "paragraphs", { separator: "<|end|>" }, { stretch: 4 }] as const);
    const sourcesOf = dice.pick<(...files: [NamedBytes, NamedBytes]) => Sources>([
      (...files) => textFiles(files, rule),
      (file) => jsonLines([file], { text: "a" }),
      // Of two files that are bad, either may be refused.
      (file) => parallelText([[file, new Blob(["one\ntwo\n"])]]),
    ]);
    const packed = one[0] === 0x1f || two[0] === 0x1f;
    const read = () => outcome(sourcesOf(inChunks(one, dice), inChunks(two, dice)), packed);
    const found = await read();
    expect(await read()).toEqual(found);
    if (typeof found === "string") {
      expect(found).toMatch(/^(?:a file|parallelText: a file|refused)/);
      counts.refused++;
    } else {
      for (const each of found) expect(each.isWellFormed()).toBe(true);
      counts.read++;
    }
  }
  expect(counts.read).toBeGreaterThan(200);
  expect(counts.refused).toBeGreaterThan(200);
});

test("a folder with files that were changed, cut off, emptied or removed gives the right tokens", async () => {
  await writeFile(at("a.txt"), text);
  const dice = random(2);
  const options = { shardTokens: 500 };
  await (await open(options)).manifest();
  let damaged = 0;
  for (let i = 0; i < 40; i++) {
    const path = at(`tokens/${dice.pick(await readdir(at("tokens")))}`);
    const bytes = await readFile(path);
    const kind = dice.integer(4);
    if (kind === 0) await rm(path);
    else if (kind === 1) await writeFile(path, bytes.subarray(0, dice.integer(bytes.length)));
    else {
      for (let n = dice.integer(3); n >= 0; n--) bytes[dice.integer(bytes.length)] = dice.integer(256);
      await writeFile(path, bytes);
    }
    const found = await open(options);
    if (found.why !== "the corpus of the folder is used") damaged++;
    expect(await decoded(found)).toBe(written);
    await found.manifest();
  }
  expect(damaged).toBeGreaterThan(35);
});
