// Ids, offsets, frames and texts against the library `tokenizers`: what goldens/hugging_face.py wrote.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fuzzString } from "../../test/fuzz-strings.ts";
import { huggingFaceTokenizer, type HuggingFaceTokenizer } from "./hugging-face-tokenizer.ts";

interface Golden {
  readonly strings: readonly string[];
  /** JSON of what `resultOf` gives. */
  readonly results: readonly string[];
  readonly blocks: readonly string[];
}

const folder = new URL("../../goldens/hugging-face/", import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const types = readdirSync(folder)
  .filter((name) => name.endsWith(".golden.json"))
  .map((name) => name.replace(".golden.json", ""));
const [count, block] = [10_000, 250];

function resultOf(tokenizer: HuggingFaceTokenizer, index: number): unknown[] {
  const text = fuzzString(index);
  const alone = tokenizer.encoding(text, { special: false });
  const result = [alone.ids, alone.offsets, tokenizer.decode(alone.ids)];
  if (index % 4 !== 0) return result;
  const pair = tokenizer.encoding([text, fuzzString(index + 1)]);
  const sources = pair.sources.map((source) => source ?? null);
  return [
    ...result,
    pair.ids,
    pair.segmentIds,
    pair.offsets,
    sources,
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
    expect([text, resultOf(tokenizer, index)]).toEqual([text, JSON.parse(golden.results[index]!)]);
  }
  expect(golden.blocks).toHaveLength(count / block);
  for (const [number, expected] of golden.blocks.entries()) {
    const lines = Array.from({ length: block }, (_, place) =>
      JSON.stringify(resultOf(tokenizer, number * block + place)),
    );
    const hash = createHash("sha256").update(lines.join("\n")).digest("hex");
    expect([number, hash], `strings ${number * block} to ${(number + 1) * block - 1}`).toEqual([number, expected]);
  }
});
