import { Tokenizer } from "@huggingface/tokenizers";
import { expect, test } from "vitest";
import goldens from "../../goldens/trainers.json" with { type: "json" };
import type { TokenizerFile, UnigramModel } from "./tokenizer-file.ts";
import { trainUnigram } from "./unigram.ts";

const { texts, heldOut, unigram } = goldens;
const special = 3;

function encode(file: TokenizerFile<UnigramModel>, lines: readonly string[]): number[] {
  const tokenizer = new Tokenizer(JSON.parse(JSON.stringify(file)), {});
  return lines.flatMap((line) => tokenizer.encode(line, { add_special_tokens: false }).ids);
}

test("held-out text needs no more tokens, and is no less likely, than with the references at the same size", async () => {
  const file = await trainUnigram(texts, { maximumSize: unigram.size });
  expect(file.model.vocab).toHaveLength(unigram.size);
  const ids = encode(file, heldOut);
  const logLikelihood = ids.reduce((sum, id) => sum + file.model.vocab[id]![1], 0);
  expect(ids).not.toContain(file.model.unk_id);
  expect(ids.length).toBeLessThan(1.02 * unigram.tokenizers.tokens);
  expect(ids.length).toBeLessThan(1.02 * unigram.sentencepiece.tokens);
  expect(logLikelihood).toBeGreaterThan(1.02 * unigram.tokenizers.logLikelihood);
});

test.each([120, 250, 600])(
  "%d pieces: the probabilities sum to 1 and every character is a piece",
  async (maximumSize) => {
    const { model } = await trainUnigram(texts, { maximumSize });
    const pieces = model.vocab.slice(special);
    expect(pieces.reduce((sum, [, log]) => sum + Math.exp(log), 0)).toBeCloseTo(1, 8);
    expect(pieces.every(([, log]) => Number.isFinite(log) && log < 0)).toBe(true);
    expect(new Set(pieces.map(([piece]) => piece)).size).toBe(pieces.length);
    const known = new Set(pieces.map(([piece]) => piece));
    for (const character of texts.join("").normalize("NFKC").replace(/\s/g, "▁")) expect(known).toContain(character);
    expect(pieces.length).toBeLessThanOrEqual(maximumSize - special);
    expect(pieces.map(([, log]) => log)).toEqual(pieces.map(([, log]) => log).toSorted((a, b) => b - a));
  },
);

test("more pieces make the texts more likely and shorter", async () => {
  const sizes = [100, 160, 250, 400];
  const counts = await Promise.all(
    sizes.map(async (maximumSize) => encode(await trainUnigram(texts, { maximumSize }), texts).length),
  );
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  expect(new Set(counts).size).toBe(sizes.length);
});

test("the same texts give the same file, in any order", async () => {
  const options = { maximumSize: 200 };
  const [one, other] = await Promise.all([trainUnigram(texts, options), trainUnigram(texts.toReversed(), options)]);
  expect(other).toEqual(one);
});

test("a special token that only normalisation makes of a text is no piece", async () => {
  const { model } = await trainUnigram(["a<UNK> b<UNK> c<UNK> d<UNK>"], { maximumSize: 40, lowercase: true });
  expect(model.vocab.filter(([piece]) => piece === "<unk>")).toEqual([["<unk>", 0]]);
});

test("characters beyond the alphabet are unknown, and cut words", async () => {
  const { model } = await trainUnigram(["aaxbb aaxbb aa bb"], { maximumSize: 40, maximumAlphabet: 3 });
  const pieces = model.vocab.map(([piece]) => piece);
  expect(pieces).toContain("bb");
  expect(pieces.join("")).not.toContain("x");
});

test("no piece is longer than maximumPieceLength, in characters", async () => {
  const longest = async (maximumPieceLength: number): Promise<number> => {
    const { model } = await trainUnigram(["😀😀😀😀 😀😀😀😀 😀😀😀"], { maximumSize: 20, maximumPieceLength });
    return Math.max(...model.vocab.slice(special).map(([piece]) => [...piece].length));
  };
  expect([await longest(1), await longest(2), await longest(4)]).toEqual([1, 2, 4]);
});

test("begin and end go around the texts where they are among the special tokens", async () => {
  const { post_processor: step, model } = await trainUnigram(["ab"], {
    maximumSize: 20,
    special: { begin: "<s>", unknown: "<unk>", end: "</s>" },
  });
  expect(model.unk_id).toBe(1);
  expect(step["single"]).toEqual([
    { SpecialToken: { id: "<s>", type_id: 0 } },
    { Sequence: { id: "A", type_id: 0 } },
    { SpecialToken: { id: "</s>", type_id: 0 } },
  ]);
});

test("what is missing or too small is named", async () => {
  await expect(trainUnigram(["abc"], { maximumSize: 6 })).rejects.toThrow(
    "maximumSize is 6, but the vocabulary has 3 special tokens and an alphabet of 4, which makes 7; raise it, or set maximumAlphabet",
  );
  await expect(trainUnigram(["abc"], { maximumSize: 9, special: { end: "</s>" } })).rejects.toThrow(
    'special.unknown is missing: it stands for a character that the texts lack; add unknown: "<unk>"',
  );
});
