import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { ended, jsonLines, start, tenon, tiny } from "../../test/tenon.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-cli-"));
  await writeFile(join(folder, "foxes.txt"), "Die Füchsin 🦊 schläft. ".repeat(40));
  await Promise.all([
    tenon(["train", ...tiny, "--stories", "20", "--steps", "20", "--out", "model"], folder),
    tenon(
      [
        "train",
        ...tiny,
        "--text",
        "foxes.txt",
        "--tokenizer",
        "byte",
        "--steps",
        "150",
        "--rate",
        "0.01",
        "--out",
        "bytes",
      ],
      folder,
    ),
  ]);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const generate = (...args: string[]): ReturnType<typeof tenon> =>
  tenon(["generate", "--model", "model", ...args], folder);

test.concurrent("the same seed gives the same text, another seed another one", async () => {
  const texts = await Promise.all(
    ["1", "1", "2"].map((seed) => generate("--prompt", "One", "--tokens", "60", "--seed", seed)),
  );
  for (const { code, stdout, stderr } of texts) {
    expect([code, stderr]).toEqual([0, ""]);
    // The prompt, sixty characters (beyond the context of 16), and a line break.
    expect(stdout).toMatch(/^One[^]{60}\n$/);
  }
  expect(texts[0]!.stdout).toBe(texts[1]!.stdout);
  expect(texts[0]!.stdout).not.toBe(texts[2]!.stdout);
});

test.concurrent("--json gives one object, with the text that would be streamed", async () => {
  const args = ["--prompt", "One", "--tokens", "40", "--top-k", "5", "--top-p", "0.9", "--temperature", "1.2"];
  const [plain, json] = await Promise.all([generate(...args), generate(...args, "--json")]);
  expect([json.code, json.stderr]).toEqual([0, ""]);
  const objects = jsonLines<Record<string, unknown>>(json.stdout);
  expect(objects).toHaveLength(1);
  expect(objects[0]).toMatchObject({
    model: "model/model.safetensors",
    prompt: "One",
    seed: 1,
    promptTokens: 3,
    generatedTokens: 40,
    stopReason: "length",
  });
  expect(`One${String(objects[0]!["text"])}\n`).toBe(plain.stdout);
});

test.concurrent("--never-repeat, --repetition-penalty and --min-p do what they say", async () => {
  const textOf = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await generate("--prompt", "One", "--tokens", "60", ...args, "--json");
    expect(stderr).toBe("");
    return jsonLines<{ text: string }>(stdout)[0]!.text;
  };
  const pairs = (text: string): string[] => Array.from(text.slice(1), (letter, i) => text[i]! + letter);
  const [plain, unrepeated, penalised, likely, greedy] = await Promise.all([
    textOf("--greedy"),
    textOf("--greedy", "--never-repeat", "2"),
    textOf("--greedy", "--repetition-penalty", "1.5"),
    textOf("--min-p", "1"),
    textOf("--greedy"),
  ]);
  expect(new Set(pairs(plain)).size).toBeLessThan(pairs(plain).length); // a model of 20 steps goes in circles
  expect(new Set(pairs(unrepeated)).size).toBe(pairs(unrepeated).length);
  expect(new Set(penalised).size).toBeGreaterThan(new Set(plain).size);
  expect(likely).toBe(greedy); // as probable as the most probable one
});

test.concurrent("--greedy leaves nothing to chance, and --stop ends before its text", async () => {
  const long = await generate("--prompt", "One day", "--greedy", "--tokens", "30", "--json");
  const [{ text = "" }] = jsonLines<{ text?: string }>(long.stdout) as [{ text?: string }];
  const end = text.slice(5, 7);
  const { stdout, stderr } = await generate(
    "--prompt",
    "One day",
    "--greedy",
    "--tokens",
    "30",
    "--stop",
    "§§",
    "--stop",
    end,
    "--statistics",
  );
  expect(stdout).toBe(`One day${text.slice(0, text.indexOf(end))}\n`);
  expect(stderr).toMatch(
    /^\d+ tokens after a prompt of 7 in [\d.]+ s, [\d,]+ tokens\/s; ended because the text of --stop came\n$/,
  );
});

test.concurrent("the prompt may come through a pipe; without one a text begins afresh", async () => {
  const [piped, typed, none] = await Promise.all([
    tenon(["generate", "--model", "model", "--tokens", "20"], folder, "One day\n"),
    generate("--prompt", "One day", "--tokens", "20"),
    generate("--tokens", "20", "--prompt", ""),
  ]);
  expect(piped).toEqual(typed);
  expect(none.code).toBe(0);
  expect(none.stdout).toMatch(/^[^]{20}\n$/);
});

test.concurrent("characters of several bytes come whole", async () => {
  const child = start(
    ["generate", "--model", "bytes", "--prompt", "Die F", "--tokens", "300", "--temperature", "0.5"],
    folder,
  );
  child.stdin.end();
  const pieces: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  await once(child, "close");
  expect(pieces.length).toBeGreaterThan(1);
  for (const piece of pieces) expect(() => new TextDecoder("utf-8", { fatal: true }).decode(piece)).not.toThrow();
  expect(Buffer.concat(pieces).toString()).toContain("ü");
});

test.concurrent("a reader who has seen enough is no error", async () => {
  const child = start(["generate", "--model", "model", "--prompt", "One", "--tokens", "100000"], folder);
  const end = ended(child);
  child.stdin.end();
  await once(child.stdout, "data");
  child.stdout.destroy();
  expect(await end).toMatchObject({ code: 0, stderr: "" });
});

test.concurrent("Ctrl-C ends it with the line and exit code 130", async () => {
  const child = start(
    ["generate", "--model", "model", "--prompt", "One", "--tokens", "100000", "--statistics"],
    folder,
  );
  const end = ended(child);
  child.stdin.end();
  await once(child.stdout, "data");
  child.kill("SIGINT");
  const { code, stdout, stderr } = await end;
  expect(code).toBe(130);
  expect(stdout.endsWith("\n")).toBe(true);
  expect(stderr).toMatch(/; ended because it was interrupted\n$/);
});
