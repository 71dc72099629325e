import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { parseMetrics } from "@tenon/training";
import { expect, test } from "vitest";

import { temporaryFolder, tenon } from "../../test/tenon.ts";

const words = ["fox", "cat", "hen", "owl"].flatMap((who) => ["ran", "sat", "ate"].map((did) => `the ${who} ${did}`));
const backwards = (line: string): string => line.split(" ").toReversed().join(" ");

/** Pairs that a small model learns: a sentence, and its words from the last to the first. */
async function pairsIn(folder: string): Promise<void> {
  const lines = Array.from({ length: 60 }, (_, i) => `${words[i % words.length]} and ${words[(i * 7) % words.length]}`);
  await writeFile(join(folder, "train.there"), lines.join("\n"));
  await writeFile(join(folder, "train.back.gz"), gzipSync(lines.map(backwards).join("\n")));
  await writeFile(join(folder, "few.there"), lines.slice(0, 5).join("\n"));
  await writeFile(join(folder, "few.back"), lines.slice(0, 5).map(backwards).join("\n"));
}

const files =
  "--source train.there --target train.back.gz --held-out-source few.there --held-out-target few.back".split(" ");

test("a translator is trained on pairs, stops when it gets no better, translates and is scored", async () => {
  const folder = await temporaryFolder();
  await pairsIn(folder);
  const how = "--layers 1 --heads 2 --width 32 --vocabulary 300 --batch 300 --steps 160 --rate 0.01 --schedule linear";
  const more = "--accumulate 2 --evaluate-every 20 --patience 4 --tensorboard board --json --out model";
  const trained = await tenon(["train", ...files, ...how.split(" "), ...more.split(" ")], folder);
  expect([trained.code, trained.stderr]).toEqual([0, ""]);
  expect((await readdir(join(folder, "model"))).sort()).toEqual(["loss.svg", "metrics.jsonl", "model.safetensors"]);
  const lines = parseMetrics(await readFile(join(folder, "model/metrics.jsonl"), "utf8"));
  const heldOut = lines.flatMap(({ heldOutLoss }) => heldOutLoss ?? []);
  expect(heldOut.at(-1)).toBeLessThan(heldOut[0]! / 2);
  expect((await readdir(join(folder, "board")))[0]).toMatch(/^events\.out\.tfevents\.\d+\.\d+\.tenon$/);

  const translated = await tenon(["translate", "the fox sat and the hen sat", "--model", "model"], folder);
  expect(translated).toEqual({ code: 0, stdout: "sat hen the and sat fox the\n", stderr: "" });
  const evaluate = "evaluate --model model --source few.there --target few.back --out out.back --beams 2".split(" ");
  const scored = await tenon(evaluate, folder);
  expect(scored.stdout).toMatch(
    /^BLEU = 100\.00 100\.0\/.* {2}nrefs:1\|case:mixed\|eff:no\|tok:13a\|smooth:exp\|version:tenon-[\d.]+\nchrF2 = 100\.00 /,
  );
  expect(await readFile(join(folder, "out.back"), "utf8")).toBe(
    `${await readFile(join(folder, "few.back"), "utf8")}\n`,
  );
});

test("whole words are tokens of a translation as well, and its marks are not written", async () => {
  const folder = await temporaryFolder();
  await pairsIn(folder);
  const how = "--layers 1 --heads 2 --width 32 --tokenizer word --batch 300 --steps 60 --rate 0.01 --json --out model";
  expect(await tenon(["train", ...files, ...how.split(" ")], folder)).toMatchObject({ code: 0, stderr: "" });
  const { code, stdout } = await tenon(["translate", "the fox sat and the hen sat", "--model", "model"], folder);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^[a-z ]+\n$/)]);
});

test("recurrent translators train and translate, too", async () => {
  const folder = await temporaryFolder();
  await pairsIn(folder);
  for (const model of ["rnn-search", "rnn-encoder-decoder"]) {
    const how = `--model ${model} --width 8 --hidden 16 --vocabulary 300 --batch 300 --steps 4 --json --out ${model}`;
    expect(await tenon(["train", ...files, ...how.split(" ")], folder)).toMatchObject({ code: 0, stderr: "" });
    const { code } = await tenon(["translate", "the fox ran", "--model", model, "--tokens", "3"], folder);
    expect(code).toBe(0);
  }
});

test.each([
  ["--source train.there", "--source is one half of the pairs: give --target too."],
  ["--source few.there --target few.back --held-out-source few.there", "give --held-out-target too."],
  [
    "--held-out-source few.there --held-out-target few.back",
    "are held out beside other pairs: give --source and --target too.",
  ],
  ["--source few.there --target few.back --batch 5", "positions, and --batch has room for 5. Use a larger --batch"],
  ["--source few.there --target few.back --model rnn-search --layers 2", "--layers is not for a model of the kind"],
  [
    "--source few.there --target few.back --tokenizer word --vocabulary 300",
    "--vocabulary is for byte-pairs, and the word tokenizer has",
  ],
  ["--source train.there --target few.back", "train.there has 60 lines, but few.back has 5. Line by line"],
  ["--source few.there --target few.back --model decoder", "pairs of texts are for encoder–decoders"],
  ["--source few.there --target few.back --context 4", "pairs have more tokens than the context of 4."],
  ["--source few.there --target few.back --model rnn-search --dropout 0.1", "--dropout is not for a model of the kind"],
  ["--source few.there --target few.back --tokenizer character --stories 3", "--source and --stories contradict"],
  ["--model encoder-decoder", 'a model of the kind "encoder-decoder" learns from pairs of texts'],
  ["--label-smoothing 0.1", "--label-smoothing is for encoder–decoders"],
  ["--source cut.gz --target few.back", "cannot unpack cut.gz: "],
])("%s is refused", async (flags, message) => {
  const folder = await temporaryFolder();
  await pairsIn(folder);
  await writeFile(join(folder, "cut.gz"), gzipSync("some text").subarray(0, 15));
  const { code, stderr } = await tenon(["train", ...flags.split(" ")], folder);
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect(stderr).toContain(message);
  expect(code).toBe(1);
});
