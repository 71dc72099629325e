import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import { bleu, type BleuOptions, sentenceBleu } from "./bleu.ts";
import { chrf, type ChrfOptions, sentenceChrf } from "./chrf.ts";

interface Drawn {
  readonly seed: number;
  readonly sentences: number;
  readonly references: number;
}
interface BleuCase {
  readonly options: BleuOptions;
  /** Score, brevity penalty, precisions. */
  readonly numbers: readonly number[];
  /** Length of hypotheses and references, matches, n-grams. */
  readonly counts: readonly number[];
  readonly text: string;
  readonly signature: string;
}
interface ChrfCase {
  readonly options: ChrfOptions;
  readonly score: number;
  readonly text: string;
  readonly signature: string;
}
interface Golden {
  readonly sacrebleu: string;
  readonly pieces: readonly string[];
  readonly bleuOptions: readonly BleuOptions[];
  readonly chrfOptions: readonly ChrfOptions[];
  readonly bleu: readonly (Drawn & BleuCase)[];
  readonly chrf: readonly (Drawn & ChrfCase)[];
  readonly sentences: { readonly bleu: readonly number[]; readonly chrf: readonly number[] };
  readonly multi30k: { readonly bleu: readonly BleuCase[]; readonly chrf: readonly ChrfCase[] };
}
const golden = JSON.parse(readFileSync(new URL("../../goldens/bleu.json", import.meta.url), "utf8")) as Golden;

/** The texts of goldens/bleu.py, drawn in the same order. */
function drawCorpus({ seed, sentences, references }: Drawn): { hypotheses: string[]; references: string[][] } {
  const { pieces } = golden;
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 16) % limit;
  };
  const drawText = (words: readonly number[]): string =>
    words.map((word) => pieces[word]! + (below(4) === 0 ? "" : " ")).join("");
  const drawChanged = (words: readonly number[]): number[] =>
    words.flatMap((word) => {
      const what = below(8);
      const kept = what === 0 ? [] : [what === 1 ? below(pieces.length) : word];
      return what === 2 ? [...kept, word] : kept;
    });
  const corpus: { hypotheses: string[]; references: string[][] } = { hypotheses: [], references: [] };
  for (let i = 0; i < sentences; i++) {
    const words = Array.from({ length: below(21) }, () => below(pieces.length));
    corpus.hypotheses.push(drawText(words));
    const count = references === 0 ? 1 + below(3) : references;
    corpus.references.push(Array.from({ length: count }, () => drawText(drawChanged(words))));
  }
  return corpus;
}

const ours = (signature: string): string => signature.replace(`version:${golden.sacrebleu}`, "version:tenon-0.1.0");

function expectClose(actual: readonly number[], expected: readonly number[], what: string): void {
  expect(actual.length, what).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(actual[i]! - value), `${what}: ${i}`).toBeLessThan(1e-9));
}

function expectBleu(
  hypotheses: string[],
  references: string[][],
  { options, numbers, counts, ...texts }: BleuCase,
): void {
  const score = bleu(hypotheses, references, options);
  const what = texts.signature;
  expectClose([score.score, score.brevityPenalty, ...score.precisions], numbers, what);
  expectClose([score.hypothesisLength, score.referenceLength, ...score.counts, ...score.totals], counts, what);
  expect(String(score), what).toBe(texts.text);
  expect(score.signature).toBe(ours(texts.signature));
}

function expectChrf(hypotheses: string[], references: string[][], { options, score, ...texts }: ChrfCase): void {
  const actual = chrf(hypotheses, references, options);
  expectClose([actual.score], [score], texts.signature);
  expect(String(actual)).toBe(texts.text);
  expect(actual.signature).toBe(ours(texts.signature));
}

describe(`sacreBLEU ${golden.sacrebleu}`, () => {
  test("gives the same BLEU of drawn corpora: numbers, text, signature", () => {
    for (const each of golden.bleu) {
      const { hypotheses, references } = drawCorpus(each);
      expectBleu(hypotheses, references, each);
    }
  });

  test("gives the same chrF of drawn corpora: number, text, signature", () => {
    for (const each of golden.chrf) {
      const { hypotheses, references } = drawCorpus(each);
      expectChrf(hypotheses, references, each);
    }
  });

  test("gives the same scores of 600 drawn sentences", () => {
    const { sentences, bleuOptions, chrfOptions } = golden;
    expect(sentences.bleu.length).toBe(600);
    for (let seed = 0; seed < 600; seed++) {
      const { hypotheses, references } = drawCorpus({ seed, sentences: 1, references: 0 });
      const withOptions = { ...bleuOptions[seed % bleuOptions.length]!, effectiveOrder: true };
      const scores = [
        sentenceBleu(hypotheses[0]!, references[0]!, withOptions).score,
        sentenceChrf(hypotheses[0]!, references[0]!, chrfOptions[seed % chrfOptions.length]).score,
      ];
      expectClose(scores, [sentences.bleu[seed]!, sentences.chrf[seed]!], `sentence ${seed}`);
    }
  });
});

const multi30k = new URL("../../../../../shared/data/multi30k/test_2016_flickr.de.gz", import.meta.url);

test.skipIf(!existsSync(multi30k))("real text, where ../shared has it: Multi30k's test set, damaged by a rule", () => {
  const lines = gunzipSync(readFileSync(multi30k)).toString("utf8").trimEnd().split("\n");
  let i = 0;
  const damage = (word: string): string[] => {
    i++;
    return i % 5 === 0 ? [] : i % 7 === 0 ? [word, word] : [word];
  };
  const hypotheses = lines.map((line) => line.split(" ").flatMap(damage).join(" "));
  const references = lines.map((line) => [line]);
  for (const each of golden.multi30k.bleu) expectBleu(hypotheses, references, each);
  for (const each of golden.multi30k.chrf) expectChrf(hypotheses, references, each);
});
