import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import type { BleuSmoothing } from "./bleu-smoothing.ts";
import type { BleuTokenizer } from "./bleu-tokenizers.ts";
import { bleu, sentenceBleu } from "./bleu.ts";
import { chrf, sentenceChrf } from "./chrf.ts";
import { fixed } from "./fixed.ts";
import { trimEnd, words } from "./words.ts";

test("what is perfect scores 100, what has nothing in common 0, and so does nothing at all", () => {
  const text = "four words are enough";
  expect(bleu([text], [text]).score).toBeCloseTo(100, 10);
  expect(chrf([text], [text], { wordOrder: 2 }).score).toBeCloseTo(100, 10);
  for (const empty of ["", " \n\t", "xyz"]) {
    expect(bleu([empty], ["abc"]).score).toBe(0);
    expect(chrf([empty], ["abc"]).score).toBe(0);
  }
  expect(String(bleu([""], [""]))).toBe(
    "BLEU = 0.00 0.0/0.0/0.0/0.0 (BP = 1.000 ratio = 0.000 hyp_len = 0 ref_len = 0)",
  );
});

test("references may be a text, a list, or lists of different lengths; the signature says which", () => {
  const hypotheses = ["a b c d e", "f g h i j"];
  expect(bleu(hypotheses, ["a b c d e", ["f g h i j"]]).signature).toContain("nrefs:1|");
  expect(bleu(hypotheses, [["x", "a b c d e"], ["f g h i j"]]).signature).toContain("nrefs:var|");
  expect(bleu(hypotheses, [["x", "a b c d e"], ["f g h i j"]]).score).toBeCloseTo(100, 10);
});

test("options that are undefined count as absent", () => {
  const given = ["a b c d"];
  const nothing = { tokenizer: undefined, smoothing: undefined, smoothingValue: undefined, effectiveOrder: undefined };
  expect(bleu(given, ["a b d d"], nothing as object)).toEqual(bleu(given, ["a b d d"]));
  expect(sentenceBleu("a b", "a b", nothing as object).score).toBeCloseTo(100, 10);
  expect(chrf(given, ["a b"], { wordOrder: undefined, beta: undefined })).toEqual(chrf(given, ["a b"]));
});

test("the signature's version is this package's", () => {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  expect(bleu(["a"], ["a"]).signature).toMatch(new RegExp(`version:tenon-${version.replaceAll(".", "\\.")}$`));
});

test("what cannot be honoured is refused by name", () => {
  expect(() => bleu([], [])).toThrow("bleu: there are no hypotheses to score");
  expect(() => bleu(["a", "b"], [["a", "b"]])).toThrow(
    "bleu: 2 hypotheses but 1 references: expected one entry for each hypothesis, a text or a list of texts. sacreBLEU's lists of whole translations are the other way round.",
  );
  expect(() => sentenceChrf("a", [])).toThrow("sentenceChrf: hypothesis 0 has no reference: expected at least one");
  expect(() => chrf(["a"], [[undefined as unknown as string]])).toThrow(
    "chrf: reference of hypothesis 0 is no text: expected a string, got undefined",
  );
  expect(() => chrf([7 as unknown as string], ["a"])).toThrow(
    "chrf: hypothesis 0 is no text: expected a string, got number",
  );
  expect(() => bleu(["a"], ["a"], { tokenizer: "zh" as BleuTokenizer })).toThrow(
    'bleu: there is no tokenizer "zh": expected one of 13a, char, intl, none. Tokenise the texts yourself, and take "none".',
  );
  expect(() => sentenceBleu("a", "a", { smoothing: "nist" as BleuSmoothing })).toThrow(
    'sentenceBleu: there is no smoothing "nist": expected one of exp, floor, add-k, none',
  );
  expect(() => bleu(["a"], ["a"], { smoothingValue: 1 })).toThrow(
    'bleu: smoothing "exp" takes no smoothingValue, got 1. Leave it out, or take "floor" or "add-k".',
  );
  expect(() => bleu(["a"], ["a"], { smoothing: "floor", smoothingValue: 0 })).toThrow(
    "bleu: smoothingValue must be a finite number above 0, got 0",
  );
  expect(() => chrf(["a"], ["a"], { characterOrder: 0 })).toThrow(
    "chrf: characterOrder must be a whole number from 1 up",
  );
  expect(() => chrf(["a"], ["a"], { wordOrder: 0.5 })).toThrow(
    "chrf: wordOrder must be a whole number from 0 up, got 0.5",
  );
  expect(() => chrf(["a"], ["a"], { beta: 0 })).toThrow("chrf: beta must be a finite number above 0, got 0");
});

test("white space is Python's", () => {
  expect(words("\u001c a\u0085b\u00a0c\u3000\ufeff\n")).toEqual(["a", "b", "c", "\ufeff"]);
  expect(trimEnd(" a \u001f\u0085")).toBe(" a");
});

test("decimals are rounded as Python rounds them, ties to even", () => {
  const given = [6.25, 18.75, 0.25, 0.15, 0.35, -6.25, 100, 0] as const;
  expect(given.map((value) => fixed(value, 1))).toEqual(["6.2", "18.8", "0.2", "0.1", "0.3", "-6.2", "100.0", "0.0"]);
  expect([0.125, 0.375, 2.675].map((value) => fixed(value, 2))).toEqual(["0.12", "0.38", "2.67"]);
});
