import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { isTenonError } from "@tenon/tensor";
import { beforeAll, expect, test } from "vitest";

import { recordingSession } from "../../test/recording-session.ts";
import { temporaryFolder, tenon } from "../../test/tenon.ts";
import { tenonProgram } from "../program.ts";

let folder = "";
beforeAll(async () => {
  folder = await temporaryFolder();
  const words = [
    "king 1 0.1 1 0",
    "queen 1 0 1 1",
    "man 0.1 0.1 1 0",
    "woman 0.1 0 1 1",
    "sea 0 0.9 0 0.1",
    "New_York 0.5 0.5 0.5 -0.5",
  ];
  await writeFile(join(folder, "sky.txt"), `${words.join("\n")}\n`);
  await writeFile(join(folder, "crlf.txt"), `${words.join("\r\n")}\r\nking 1 2 3 4\r\n`);
  await writeFile(join(folder, "questions"), ": family\nMan woman king queen\nman woman boy girl\n");
  await writeFile(join(folder, "pairs"), "# judged\nking\tqueen\t8\nman\tsea\t1\nman\twoman\t7\nsun\tsea\t2\n");
});

/** Runs the command in this process, and gives what it says. */
async function said(line: string): Promise<string> {
  const { session, said } = recordingSession();
  const args = line.split(" ").map((word) => word.replace("@", `${folder}/`));
  await tenonProgram(session).parseAsync(["vectors", ...args], { from: "user" });
  return said().replaceAll(`${folder}/`, "");
}
async function refusal(line: string): Promise<string> {
  const error: unknown = await said(line).catch((error: unknown) => error);
  if (!isTenonError(error)) throw error;
  return error.message.replaceAll(`${folder}/`, "");
}

test("words are found by their vectors, in every format that they were converted to", async () => {
  const nearest = await said("query king woman --vectors @sky.txt --top 2");
  // Worked out by hand: 2/(√2.01 · √3), 1.11/(√2.01 · √1.02) …
  expect(nearest).toBe("king    score\nqueen  0.8145\nman    0.7752\n\nwoman   score\nqueen  0.8552\nman    0.7054\n");
  const analogy = "man woman king --task analogy --json";
  const answered = JSON.parse(await said(`query ${analogy} --vectors @sky.txt`)) as {
    answers: [{ found: [{ word: string }] }];
  };
  expect(answered.answers[0].found[0].word).toBe("queen");
  for (const name of ["sky.vec", "sky.bin", "sky.safetensors", "sky.vec.gz"]) {
    expect(await said(`convert --vectors @sky.txt --out @${name}`)).toMatch(
      /^6 vectors of 4 numbers, glove to .*: sky\./,
    );
    expect(JSON.parse(await said(`query ${analogy} --vectors @${name}`))).toEqual({
      ...answered,
      vectors: name === "" ? "" : (expect.stringContaining(name) as string),
    });
  }
  expect(await said("query king queen --task similarity --vectors @sky.bin")).toMatch(
    /^king and … +score\nqueen +0\.8\d+\n$/,
  );
  expect(await said("query king queen sea --task odd-one-out --vectors @sky.bin --first 5")).toMatch(
    /\nsea +-?0\.\d+\n/,
  );
  expect(await said("query man woman king --task analogy --multiply --vectors @sky.bin --top 1")).toContain("\nqueen ");
});

test("vectors are scored, and what is left out is counted", async () => {
  const text = await said("evaluate --vectors @sky.txt --analogies @questions --pairs @pairs");
  expect(text).toMatch(
    /^analogies +right +of +accuracy +left out\nfamily +1 +1 +100\.0 % +1\ntotal +1 +1 +100\.0 % +1\n\n/,
  );
  expect(text).toMatch(
    /judged pairs +Spearman +Pearson +pairs +left out\n\S*pairs +1\.0000 +1\.0000 +3 +1\n6 words, vectors of 4 numbers, in /,
  );
  const scores = JSON.parse(
    await said("evaluate --vectors @sky.txt --analogies @questions --pairs @pairs --match-case --json"),
  ) as object;
  expect(scores).toMatchObject({
    format: "glove",
    words: 6,
    analogies: { total: { missing: 2 } },
    pairs: [{ pairs: 3, missing: 1 }],
  });
});

test("a damaged file is refused, and mended with a warning for each kind of damage", async () => {
  expect(await refusal("query king --vectors @crlf.txt")).toMatch(
    /^crlf.txt, line 1: the line ends with CR LF.* ask for `repair`/,
  );
  expect(await said("convert --vectors @crlf.txt --repair --out @mended.txt --digits 2")).toMatch(
    /^warning: crlf.txt: 7 × carriage return \(.*\)\nwarning: crlf.txt: 1 × repeated word \(the first vector is kept\)\n6 vectors/,
  );
  expect(await readFile(join(folder, "mended.txt"), "utf8")).toBe(await readFile(join(folder, "sky.txt"), "utf8"));
});

test("what cannot be done is refused by name", async () => {
  expect(await refusal("query moon --vectors @sky.txt")).toContain('there is no vector of "moon"');
  expect(await refusal("query king queen --task analogy --vectors @sky.txt")).toBe(
    "--task analogy takes 3 words, got 2: king queen.",
  );
  expect(await refusal("query king --multiply --vectors @sky.txt")).toContain(
    "--multiply solves analogies, and the task is nearest",
  );
  expect(await refusal("query king --vectors @none")).toBe("cannot read none: there is no such file. Check the path.");
  expect(await refusal("query king --vectors @sky.txt --format csv")).toContain(
    "--format is word2vec, word2vec-binary, glove, safetensors or fasttext",
  );
  expect(await refusal("convert --vectors @sky.txt --out @sky.csv")).toContain(
    "Let it end with .vec, .bin, .txt or .safetensors",
  );
  expect(await refusal("evaluate --vectors @sky.txt")).toContain("name a file of --analogies, or of --pairs");
  expect(await refusal("evaluate --vectors @sky.txt --pairs @questions")).toContain(
    "questions, line 1: expected two words and a number",
  );
});

const model = fileURLToPath(new URL("../../../../../shared/data/word-vectors/lee_fasttext.bin", import.meta.url));
// It lies beside a checkout of the project, not in it.
test.skipIf(!existsSync(model))("a model of fastText knows words that it has never seen", async () => {
  const { session, said } = recordingSession();
  await tenonProgram(session).parseAsync(["vectors", "query", "nightz", "--vectors", model, "--top", "3"], {
    from: "user",
  });
  expect(said()).toMatch(/^nightz +score\nnight,  0.9880\nnight   0.9806\nnight.  0.9801\n$/);
});

test("wrong usage points to the command's help", async () => {
  expect(await tenon(["vectors", "query"], folder)).toEqual({
    code: 2,
    stdout: "",
    stderr: "error: required option '--vectors <file>' not specified\nSee `tenon vectors query --help`.\n",
  });
});
