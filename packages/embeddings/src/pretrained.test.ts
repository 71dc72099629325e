import { freeze, Linear, Module, normal, unfreeze, valueAndGrad } from "@tenon/nn";
import { cpu, ids, random, sum, type Tensor } from "@tenon/tensor";
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { pretrained, type PretrainedOptions } from "./pretrained.ts";
import { resizeVocabulary } from "./resize-vocabulary.ts";
import { TokenEmbedding } from "./token-embedding.ts";

const given: PretrainedOptions = {
  words: ["cat", "dog", "cat"],
  vectors: Float32Array.of(1, 2, 3, 4, 5, 6),
  vocabulary: ["[PAD]", "dog", "Cat", "dog"],
};
const tableOf = async (options: PretrainedOptions, seed = 1): Promise<number[]> => {
  const { initial, width } = pretrained(options);
  const { vocabulary } = options;
  return [
    ...(await new TokenEmbedding({ vocabulary: vocabulary.length, width, initial, random: random(seed) }).table.host()),
  ];
};

test("tokens get the vectors of their words, the first where a word is there twice, and the rest is told", async () => {
  const { found, missing, width } = pretrained(given);
  expect({ found, missing, width }).toEqual({ found: 2, missing: ["[PAD]", "Cat"], width: 2 });
  const table = await tableOf(given);
  expect([table.slice(2, 4), table.slice(6)]).toEqual([
    [3, 4],
    [3, 4],
  ]);
  const lower = { ...given, wordOf: (token: string) => (token.startsWith("[") ? undefined : token.toLowerCase()) };
  expect(pretrained(lower).missing).toEqual(["[PAD]"]);
  expect((await tableOf(lower)).slice(2)).toEqual([3, 4, 1, 2, 3, 4]);
});

test("other rows have the variance of the vectors, and depend on the seed alone", async () => {
  const vocabulary = ["dog", "cat", ...Array.from({ length: 3000 }, (_, i) => `[${i}]`)];
  const options = { ...given, vocabulary };
  const [one, again, other] = [await tableOf(options), await tableOf(options), await tableOf(options, 2)];
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
  expect(other.slice(0, 4)).toEqual([3, 4, 1, 2]);
  const rest = one.slice(4);
  const variance = rest.reduce((sum, x) => sum + x * x, 0) / rest.length;
  expect(variance).toBeCloseTo(1.25, 1); // of 1, 2, 3, 4
  expect(Math.max(...rest.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(3 * 1.25));
});

test("other rows begin as told, each once", async () => {
  const rows = () => (shape: readonly number[]) =>
    Float32Array.from({ length: shape[0]! * shape[1]! }, (_, i) => 100 + i);
  expect(await tableOf({ ...given, others: rows })).toEqual([100, 101, 3, 4, 102, 103, 3, 4]);
  expect(await tableOf({ ...given, others: (random) => normal(random, 1) })).toEqual(
    await tableOf({ ...given, others: (random) => normal(random, 1) }),
  );
});

test("what makes no sense is refused", async () => {
  const without = (options: Partial<PretrainedOptions>) => () => pretrained({ ...given, ...options });
  expect(without({ words: ["cat", "dog", "cow", "hen"] })).toThrow(
    "pretrained: 6 numbers do not share out among 4 words; give each word a vector of the same width",
  );
  expect(without({ words: [] })).toThrow("6 numbers do not share out among 0 words");
  expect(without({ vectors: new Float32Array() })).toThrow("0 numbers do not share out among 3 words");
  expect(without({ vocabulary: ["Dog", "Cat"] })).toThrow(
    "pretrained: none of the 2 tokens has a vector; say with `wordOf` which word a token stands for",
  );
  expect(without({ vectors: Float32Array.of(1, 2, Number.NaN, 4, 5, 6) })).toThrow(
    'pretrained: the vector of "dog" has numbers that are not finite',
  );
  expect(without({ vectors: new Float32Array(6).fill(2) })).toThrow(
    "pretrained: every number of the vectors is 2, so they do not tell how the tokens without one begin; say so with `others`",
  );
  expect(without({ vectors: new Float32Array(6), vocabulary: ["dog"] })().found).toBe(1); // nobody is without one
  await expect(tableOf({ ...given, others: () => () => Float32Array.of(1, 2, 3) })).rejects.toThrow(
    "pretrained: `others` must give rows [2, 2], 4 numbers, but gave 3",
  );
  const { initial } = pretrained(given);
  for (const [vocabulary, width] of [
    [4, 3],
    [5, 2],
  ] as const) {
    const tokens = new TokenEmbedding({ vocabulary, width, initial, random: random(1) });
    await expect(tokens.table.host()).rejects.toThrow(
      `pretrained: these vectors are for a table [4, 2], got the shape [${vocabulary}, ${width}]`,
    );
  }
});

class Model extends Module<[ids: Tensor], Tensor> {
  readonly tokens: TokenEmbedding = new TokenEmbedding({
    vocabulary: 4,
    width: 2,
    initial: pretrained(given).initial,
    random: random(1),
  });
  readonly output: Linear = new Linear({ input: 2, output: 1, random: random(2) });
  protected override compute(ids: Tensor): Tensor {
    return this.output.forward(this.tokens.forward(ids));
  }
}

test("frozen vectors get no gradient, the layers after them do; and stay frozen when the vocabulary is resized", async () => {
  const on = cpu();
  const model = await new Model().to(on);
  const chosen = ids([1, 2], [1, 2], on, { limit: 4 });
  const trained = (): unknown[] => [...valueAndGrad(model, () => sum(model.forward(chosen))).gradients.keys()];
  const { weight, bias } = model.output;
  freeze(model.tokens);
  expect(trained()).toEqual([weight, bias]);
  await resizeVocabulary(model, 6);
  expect(model.tokens.table.frozen).toBe(true);
  expect(trained()).toEqual([weight, bias]);
  unfreeze(model.tokens);
  expect(trained()).toEqual([model.tokens.table, weight, bias]);
});

const file = new URL("../../../../shared/data/word-vectors/lee_fasttext.vec", import.meta.url);
test.skipIf(!existsSync(file))("vectors from a file of fastText's", async () => {
  const [head, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  const [count, width] = head!.split(" ").map(Number) as [number, number];
  const words = lines.map((line) => line.split(" ")[0]!);
  const vectors = Float32Array.from(lines.flatMap((line) => line.trimEnd().split(" ").slice(1).map(Number)));
  expect([words.length, vectors.length]).toEqual([count, count * width]);
  const vocabulary = ["[PAD]", "The", "qwxz", ...words.slice(0, 50)];
  const { found, missing, ...made } = pretrained({ words, vectors, vocabulary });
  expect([found, missing, made.width]).toEqual([51, ["[PAD]", "qwxz"], 10]);
  const table = await tableOf({ words, vectors, vocabulary });
  expect(table.slice(30, 40)).toEqual([...vectors.slice(0, 10)]);
});
