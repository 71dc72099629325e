import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { jsonLines, tenon, tiny } from "../../test/tenon.ts";

let folder = "";
let trained = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-cli-"));
  const args = [
    "train",
    "--model",
    "encoder",
    ...tiny,
    "--stories",
    "20",
    "--mask-rate",
    "0.3",
    "--steps",
    "40",
    "--out",
    "model",
  ];
  trained = (await tenon(args, folder)).stdout;
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("training an encoder says how to use it, and that works as it stands", async () => {
  const [, text, model] = /^Try it, .*: tenon fill "(.*)" --model (\S+)$/m.exec(trained)!;
  expect(await tenon(["fill", text!, "--model", model!], folder)).toMatchObject({ code: 0, stderr: "" });
});

test("each mask gets its best words with probabilities, as a table", async () => {
  const { code, stdout, stderr } = await tenon(
    ["fill", "The [MASK] was very [MASK].", "--model", "model", "--top", "3"],
    folder,
  );
  expect([code, stderr]).toEqual([0, ""]);
  const lines = stdout.split("\n");
  expect(lines[0]).toMatch(/^ +word +probability$/);
  expect(lines.slice(1, 7).map((line) => line.slice(0, 6))).toEqual([
    "mask 1",
    "      ",
    "      ",
    "mask 2",
    "      ",
    "      ",
  ]);
  for (const line of lines.slice(1, 7)) expect(line).toMatch(/ \S+ +\d+\.\d %/);
  expect(lines.slice(7)).toEqual(["", expect.stringMatching(/^The \S+ was very \S+\.$/), ""]);
});

test("--json gives one object with probabilities in order", async () => {
  const { code, stdout } = await tenon(
    ["fill", "The [MASK] ran.", "--model", "model", "--json", "--top", "1000"],
    folder,
  );
  expect(code).toBe(0);
  const [{ text, filled, masks }, ...more] = jsonLines<{
    text: string;
    filled: string;
    masks: { word: string; probability: number }[][];
  }>(stdout) as [never];
  expect(more).toEqual([]);
  expect(text).toBe("The [MASK] ran.");
  expect(masks).toHaveLength(1);
  const [words] = masks as [{ word: string; probability: number }[]];
  expect(filled).toBe(`The ${words[0]!.word} ran.`);
  // All there are, without the mask itself.
  const probabilities = words.map(({ probability }) => probability);
  expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
  expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 1);
  expect(words.some(({ word }) => word === "[MASK]")).toBe(false);
});
