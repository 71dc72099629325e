// Ids, offsets, frames and texts against the library `tokenizers`: what goldens/hugging_face.py wrote.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fuzzString } from "../../test/fuzz-strings.ts";
import { huggingFaceTokenizer, type HuggingFaceTokenizer } from "./hugging-face-tokenizer.ts";

interface Golden {
  readonly strings: readonly string[];
  readonly results: readonly unknown[];
  readonly blocks: readonly string[];
}

const folder = new URL("../../goldens/hugging-face/", import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const types = readdirSync(folder)
  .filter((name) => name.endsWith(".golden.json"))
  .map((name) => name.replace(".golden.json", ""));
const [count, block] = [10_000, 250];

function resultOf(tokenizer: HuggingFaceTokenizer, text: string, other: string): unknown[] {
  const alone = tokenizer.encoding(text, { special: false });
  const pair = tokenizer.encoding([text, other]);
  return [
    alone.ids,
    alone.offsets,
    pair.ids,
    pair.segmentIds,
    pair.offsets,
    pair.sources.map((source) => source ?? null),
    tokenizer.decode(alone.ids),
    tokenizer.decode(pair.ids, { skipSpecial: true }),
  ];
}

test("there are goldens of sixteen tokenizers", () => {
  expect(types).toHaveLength(16);
});

test.each(types)("%s gives what the reference gives", { timeout: 120_000 }, (type) => {
  const tokenizer = huggingFaceTokenizer(read(`${type}.json`));
  const golden = read(`${type}.golden.json`) as Golden;
  for (const [index, text] of golden.strings.entries()) {
    expect(fuzzString(index)).toBe(text);
    expect([text, resultOf(tokenizer, text, fuzzString(index + 1))]).toEqual([text, golden.results[index]]);
  }
  expect(golden.blocks).toHaveLength(count / block);
  for (const [number, expected] of golden.blocks.entries()) {
    const lines = Array.from({ length: block }, (_, place) => {
      const index = number * block + place;
      return JSON.stringify(resultOf(tokenizer, fuzzString(index), fuzzString(index + 1)));
    });
    const hash = createHash("sha256").update(lines.join("\n")).digest("hex");
    expect([number, hash], `strings ${number * block} to ${(number + 1) * block - 1}`).toEqual([number, expected]);
  }
});
