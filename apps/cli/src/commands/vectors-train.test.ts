import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

import { readFastText, readVectorFile } from "@tenon/embeddings/static/node";
import { isTenonError, random } from "@tenon/tensor";
import { beforeAll, expect, test } from "vitest";

import { recordingSession } from "../../test/recording-session.ts";
import { temporaryFolder } from "../../test/tenon.ts";
import { tenonProgram } from "../program.ts";

let folder = "";
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await temporaryFolder();
  const dice = random(1);
  const line = (): string => Array.from({ length: 10 }, () => `word${dice.integer(30)}`).join(" ");
  const text = Array.from({ length: 2000 }, line).join("\n");
  await writeFile(at("text.txt"), text);
  await writeFile(at("text.gz"), gzipSync(text));
});

/** Runs the command in this process, and gives what it says. */
async function said(line: string): Promise<string> {
  const { session, said } = recordingSession();
  const args = line.split(" ").map((word) => word.replace("@", `${folder}/`));
  await tenonProgram(session).parseAsync(["vectors", "train", ...args], { from: "user" });
  return said().replaceAll(`${folder}/`, "");
}
async function refusal(line: string): Promise<string> {
  const error: unknown = await said(line).catch((error: unknown) => error);
  if (!isTenonError(error)) throw error;
  return error.message.replaceAll(`${folder}/`, "");
}

test("each model learns vectors, and writes them as the name says", async () => {
  const quick = "--text @text.gz --width 8 --epochs 1";
  expect(await said(`${quick} --out @a.bin`)).toMatch(
    /^\d+\/100 {2}% {2}loss \d\.\d{4} {2}[\d,]+ words\/s {2}\d\.\d s left\n30 vectors of 8 numbers in .* s, loss \d\.\d{4}: a\.bin\n$/,
  );
  const { vectors, format } = await readVectorFile(at("a.bin"));
  expect([vectors.words.length, vectors.width, format]).toEqual([30, 8, "word2vec-binary"]);
  await said(`${quick} --context cbow --loss hierarchical-softmax --subsample 0 --to glove --out @b.bin`);
  expect((await readFile(at("b.bin"), "utf8")).split("\n").length).toBe(31);
  expect(await said(`${quick} --model fasttext --ngrams 4 --buckets 100 --out @c.bin`)).toContain(
    "vectors of 8 numbers",
  );
  const model = await readFastText(at("c.bin"));
  expect(model.vector("word31")?.length).toBe(8);
  await said(`${quick} --model fasttext --ngrams 0 --out @c.vec`);
  expect((await readVectorFile(at("c.vec"))).vectors.words).toContain("word7");
  expect(await said(`${quick} --model glove --window 3 --x-max 10 --out @d.txt`)).toMatch(
    /pairs\/s.*\n30 vectors of 8/,
  );
  expect(existsSync(at("a.bin.checkpoint"))).toBe(false);
});

test("a run that was stopped goes on with --resume, to the same bits", async () => {
  const line = "--text @text.txt --width 64 --epochs 20 --subsample 0";
  await said(`${line} --out @whole.bin`);
  const run = `${line} --save-every 0.01 --out @run.bin`;
  const stopped = said(run).catch((error: unknown) => error as Error);
  while (!existsSync(at("run.bin.checkpoint"))) await sleep(1);
  process.emit("SIGTERM", "SIGTERM");
  expect(await stopped).toMatchObject({
    name: "Interrupted",
    message: `Stopped. The same line with --resume goes on from ${at("run.bin.checkpoint")}.`,
  });
  expect(existsSync(at("run.bin"))).toBe(false);
  expect(await refusal(run)).toBe(
    "run.bin.checkpoint is of a run that was stopped. Go on with --resume, or begin anew with --force.",
  );
  expect(await refusal(`${run} --resume --seed 2`)).toContain("its seed was 1, and is 2 now");
  await said(`${run} --resume`);
  expect(await readFile(at("run.bin"))).toEqual(await readFile(at("whole.bin")));
  expect(await refusal(`${run} --resume`)).toBe(
    "there is no run.bin.checkpoint to go on from. Leave out --resume to begin.",
  );
  await writeFile(at("run.bin.checkpoint"), "of something else");
  await rm(at("run.bin"));
  await said(`${line} --epochs 1 --force --out @run.bin`);
  expect(existsSync(at("run.bin"))).toBe(true);
});

test("what would have no effect is refused", async () => {
  const line = "--text @text.txt --out @x.txt";
  expect(await refusal(`${line} --model glove --subsample 0 --negatives 3`)).toBe(
    "--subsample and --negatives have no effect on glove. Leave them out.",
  );
  expect(await refusal(`${line} --ngrams 3`)).toBe("--ngrams has no effect on word2vec. Leave it out.");
  expect(await refusal(`${line} --loss hierarchical-softmax --negatives 3`)).toBe(
    "--loss and --negatives contradict each other: hierarchical softmax draws no negatives. Leave one of them out.",
  );
  expect(await refusal(`${line} --resume --force`)).toContain("--resume and --force contradict each other");
  expect(await refusal("--text @text.txt --out @x")).toBe(
    'the name of --out stands for no format, got "x". Let it end with .vec, .bin, .txt or .safetensors, or say it with --to.',
  );
  expect(await refusal("--text @none.txt --out @x.txt")).toBe(
    "cannot read none.txt: there is no such file. Check the path.",
  );
  expect(await refusal(`${line} --width 0`)).toBe('--width is a whole number of at least 1 and at most 4096, got "0".');
});
