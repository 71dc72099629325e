import { ConfigError } from "@tenon/tensor";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { huggingFaceTokenizer } from "../hugging-face-tokenizer.ts";

const folder = new URL("../../../goldens/hugging-face/", import.meta.url);
const read = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Record<string, unknown>;

test("truncation and padding are those of the reference", () => {
  const { texts, cases } = read("limits") as unknown as {
    texts: readonly (readonly string[])[];
    cases: readonly { truncation: object; padding: object; special: boolean; results: readonly string[] }[];
  };
  let refused = 0;
  for (const { truncation, padding, special, results } of cases) {
    const tokenizer = huggingFaceTokenizer({ ...read("bert-uncased"), truncation, padding });
    for (const [index, expected] of results.entries()) {
      const list = texts[index]!;
      const make = () => {
        const pair = list.length === 2 ? ([list[0]!, list[1]!] as const) : list[0]!;
        return tokenizer.encoding(pair, { special, truncate: true, pad: true });
      };
      const result: unknown = JSON.parse(expected);
      if (typeof result === "string") {
        refused++;
        expect(make).toThrow(ConfigError);
        continue;
      }
      const { ids, segmentIds, offsets, mask } = make();
      expect([truncation, list, [ids, segmentIds, offsets, mask.map(Number)]]).toEqual([truncation, list, result]);
    }
  }
  expect(refused).toBeGreaterThan(5);
  const two = huggingFaceTokenizer({ ...read("bert-uncased"), padding: cases[0]!.padding }).encodings(
    ["the", "the cat"],
    { pad: true },
  );
  expect(two[0]!.mask).toEqual([true, true, true, false]);
  expect(two[0]!.ids).toHaveLength(two[1]!.ids.length);
});
