// Every command that uses a model, with tiny folders of Hugging Face's layout.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { beforeAll, describe, expect, test } from "vitest";

import { makeHuggingFaceFolders } from "../../test/hugging-face-folders.ts";
import { inFolderOf, refuses } from "../../test/refuses.ts";
import { jsonLines, temporaryFolder, tenon } from "../../test/tenon.ts";

let at = "";
beforeAll(async () => {
  at = await temporaryFolder();
  await makeHuggingFaceFolders(at);
}, 60_000);

/** Runs a command, which has to go well. */
async function run(args: readonly string[], input = ""): Promise<string> {
  const { code, stdout, stderr } = await tenon(args, at, input);
  expect(code, stderr).toBe(0);
  return stdout;
}
const json = async (args: readonly string[], input = ""): Promise<Record<string, unknown>> =>
  JSON.parse(await run([...args, "--json"], input)) as Record<string, unknown>;

test("generate: continues a prompt, and answers by the chat template", async () => {
  const plain = await json(["generate", "--model", "lm", "--prompt", "Mia ran", "--greedy", "--tokens", "8"]);
  expect(plain).toMatchObject({ model: "lm", prompt: "Mia ran", generatedTokens: 8 });
  const chat = await json(["generate", "--model", "lm", "--prompt", "Mia ran", "--chat", "--greedy", "--tokens", "8"]);
  expect(chat["promptTokens"]).toBeGreaterThan(plain["promptTokens"] as number);
  expect((await json(["generate", "--model", "lm", "--tokens", "2"]))["promptTokens"]).toBe(1); // the token that begins a text
});

test("generate and inspect: a GGUF file, with the tokenizer in it, its weights kept in levels", async () => {
  const file = fileURLToPath(new URL("../../../../packages/pretrained/goldens/qwen2-levels.gguf", import.meta.url));
  const { text, promptTokens } = await json([
    "generate",
    "--model",
    file,
    "--prompt",
    "ab cab",
    "--greedy",
    "--tokens",
    "6",
  ]);
  expect(promptTokens).toBe(4); // ab, Ġ, c, ab
  expect(text).toMatch(/^[a-z ]+$/);
  const { stdout } = await tenon(["inspect", "--model", file], at);
  expect(stdout).toMatch(/weight \[32, 32\], weight\.scales \[32, 1\]/);
});

test("fill: the words for a mask, the special tokens left out", async () => {
  const { filled, masks } = await json(["fill", "Mia [MASK] home.", "--model", "masked", "--top", "2"]);
  expect((masks as unknown[][]).map((mask) => mask.length)).toEqual([2]);
  expect(filled).not.toMatch(/\[(CLS|SEP|MASK)\]/);
});

test("classify: a text, two texts, and each token", async () => {
  const { classes } = (await json(["classify", "Mia ran home.", "--model", "classes"])) as {
    classes: { label: string; score: number }[];
  };
  expect(classes.map(({ label }) => label).sort()).toEqual(["calm", "glad", "sad"]);
  expect(classes.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5);
  const paired = await json(["classify", "Mia ran home.", "--pair", "Tom ran, too!", "--model", "classes"]);
  expect(paired["classes"]).not.toEqual(classes);
  const { tokens } = (await json(["classify", "--model", "names"], "Mia ran home.\n")) as {
    tokens: { text: string; label: string }[];
  };
  expect(tokens.map(({ text }) => text).join(" ")).toContain("ran");
  for (const { label } of tokens) expect(["O", "NAME"]).toContain(label);
  expect(await run(["classify", "Mia ran home.", "--model", "classes"])).toMatch(/glad +\d+\.\d %/);
});

test("embed: a vector for each line, as JSON and for NumPy, and on from where it was cut", async () => {
  const lines = ["Mia ran home.", "", "Tom ran, too!", "the fox ate a red apple"];
  await writeFile(join(at, "lines.txt"), `${lines.join("\n")}\n`);
  const rows = jsonLines<{ text: string; embedding: number[] }>(
    await run(["embed", "--model", "sentences"], `${lines.join("\n")}\n`),
  );
  expect(rows.map(({ text }) => text)).toEqual(lines);
  for (const { embedding } of rows) expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
  await run(["embed", "--model", "sentences", "--input", "lines.txt", "--out", "v.npy", "--batch-tokens", "9"]);
  const whole = await readFile(join(at, "v.npy"));
  const values = new Float32Array(whole.buffer.slice(whole.byteOffset + 128, whole.byteOffset + whole.length));
  rows.flatMap(({ embedding }) => embedding).forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5));
  // As if it had been killed in the middle of the second row.
  await writeFile(join(at, "w.npy"), whole.subarray(0, 128 + 100));
  await writeFile(
    join(at, "w.npy.unfinished"),
    JSON.stringify({ model: "sentences", input: "lines.txt", pooling: null, prompt: null }),
  );
  await run([
    "embed",
    "--model",
    "sentences",
    "--input",
    "lines.txt",
    "--out",
    "w.npy",
    "--resume",
    "--batch-tokens",
    "9",
  ]);
  const again = await readFile(join(at, "w.npy"));
  expect(again.length).toBe(whole.length);
  await expect(readFile(join(at, "w.npy.unfinished"))).rejects.toThrow("ENOENT");
  expect(jsonLines(await run(["embed", "--model", "masked", "--pooling", "max"], "Mia\n"))).toHaveLength(1);
});

test("translate: one text, and each line", async () => {
  const one = await json(["translate", "Mia ran home.", "--model", "translator"]);
  expect(one).toMatchObject({ text: "Mia ran home.", logProbability: expect.any(Number) as number });
  expect(one["tokens"]).toBeLessThanOrEqual(11);
  const lines = jsonLines<{ translation: string }>(
    await run(["translate", "--model", "translator", "--json", "--beams", "1"], "Mia ran home.\nTom ran, too!\n"),
  );
  expect(lines).toHaveLength(2);
});

test("inspect: what a folder holds", async () => {
  const { stdout } = await tenon(["inspect", "--model", "classes"], at);
  expect(stdout).toMatch(/BertForSequenceClassification of the family bert/);
});

describe("bad input", () => {
  inFolderOf(async (folder) => {
    await makeHuggingFaceFolders(folder);
    await writeFile(join(folder, "done.npy"), "x");
    await writeFile(join(folder, "begun.npy"), "x");
    await writeFile(join(folder, "begun.npy.unfinished"), '{"model":"other"}');
    await writeFile(join(folder, "lines.txt"), "Mia\n");
  });
  refuses([
    [
      "a classifier that is none",
      "classify Mia --model masked",
      /^error: masked ends in a head of the kind "masked-language" and tells no classes/,
    ],
    [
      "an encoder that is no classifier's",
      "fill [MASK] --model classes",
      /^error: classes ends in a head of the kind "classification", so it fills in no words/,
    ],
    [
      "a decoder that is to classify",
      "classify Mia --model lm",
      /^error: lm is a decoder, which continues texts and tells no classes\. Use it with `tenon generate`/,
    ],
    [
      "a translator that is to generate",
      "generate --model translator --prompt Mia",
      /^error: translator is an encoder–decoder, .* Use it with `tenon translate`/,
    ],
    [
      "an encoder that is to translate",
      "translate Mia --model masked",
      /^error: masked is an encoder, .* and translates nothing/,
    ],
    [
      "vectors without a pooling",
      "embed --model masked",
      /^error: masked gives a vector for each token, .* Say it with --pooling/,
    ],
    [
      "a pooling that the model says itself",
      "embed --model sentences --pooling max",
      /^error: sentences says itself how it makes a vector/,
    ],
    [
      "a prompt that is not there",
      "embed --model sentences --prompt query",
      /^error: this model has no prompt "query"; it has none/,
      "Mia\n",
    ],
    [
      "a file that is there",
      "embed --model sentences --out done.npy",
      /^error: done\.npy is there already\. Name another --out/,
    ],
    [
      "going on with what is finished",
      "embed --model sentences --input lines.txt --out done.npy --resume",
      /^error: done\.npy is finished/,
    ],
    [
      "going on with another model's",
      "embed --model sentences --input lines.txt --out begun.npy --resume",
      /^error: begun\.npy was begun with model "other", not "sentences"/,
    ],
    [
      "a format that is not written",
      "embed --model sentences --out v.csv",
      /^error: --out writes lines of JSON or NumPy's format/,
    ],
    [
      "chat without a prompt",
      "generate --model lm --chat",
      "--chat needs something to answer: give it with --prompt, or pipe it in.",
    ],
    [
      "a text that is too long",
      `classify ${"Mia_".repeat(60)} --model classes`,
      /^error: the text has \d+ tokens, but the model's context holds 32/,
    ],
    ["the Hub's name of nothing", "generate --model no/such --prompt Mia", /^error: /],
  ]);
});
