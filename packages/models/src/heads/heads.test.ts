import { TokenEmbedding } from "@tenon/embeddings";
import { LayerNorm, valueAndGrad, withDropout } from "@tenon/nn";
import { cpu, random, sum, tensor, zeros } from "@tenon/tensor";
import { expect, test } from "vitest";

import { refusal } from "../../test/models.ts";
import { ClassificationHead } from "./classification-head.ts";
import { MaskedLanguageHead } from "./masked-language-head.ts";
import { Pooler } from "./pooler.ts";
import type { PoolingName } from "./pooling.ts";
import { SentenceHead } from "./sentence-head.ts";
import { TokenClassificationHead } from "./token-classification-head.ts";

const on = cpu();
const stream = random(1);

test("sizes that are none are refused", () => {
  expect(refusal(() => new Pooler({ width: 0, random: stream }))).toContain("must be a whole number from 1 up, got 0");
  expect(refusal(() => new ClassificationHead({ width: 4, labels: 0, random: stream }))).toBe(
    "ConfigError: ClassificationHead: labels must be a whole number from 1 up, got 0",
  );
  expect(refusal(() => new TokenClassificationHead({ width: 4, labels: 1.5, random: stream }))).toBe(
    "ConfigError: TokenClassificationHead: labels must be a whole number from 1 up, got 1.5",
  );
  expect(refusal(() => new ClassificationHead({ width: 4, labels: 2, dropout: 1, random: stream }))).toContain(
    "Dropout: rate must be at least 0 and below 1, got 1",
  );
  expect(refusal(() => new SentenceHead({ width: 4, layers: [{ width: -1 }], random: stream }))).toContain(
    "must be a whole number from 1 up, got -1",
  );
  expect(refusal(() => new SentenceHead({ width: 4, pooling: "median" as PoolingName, random: stream }))).toBe(
    'ConfigError: SentenceHead: there is no pooling "median"; choose from mean, first, max, last',
  );
});

test("vectors of another shape are refused", async () => {
  const heads = [
    new Pooler({ width: 4, random: stream }),
    new ClassificationHead({ width: 4, labels: 2, random: stream }),
    new SentenceHead({ width: 4, random: stream }),
  ];
  for (const head of heads) {
    await head.to(on);
    expect(refusal(() => head.forward(zeros([3, 4], on)))).toBe("ShapeError: pooling: x must be [b, t, d], got [3, 4]");
  }
  const words = new MaskedLanguageHead({
    tokens: new TokenEmbedding({ vocabulary: 5, width: 4, random: stream }),
    norm: new LayerNorm(4),
    random: stream,
  });
  for (const head of [words, new TokenClassificationHead({ width: 4, labels: 2, random: stream })]) {
    await head.to(on);
    expect(refusal(() => head.forward(zeros([1, 3, 5], on)))).toContain("ShapeError");
  }
});

test("a normalised vector has length 1; one of zeros stays so, with a gradient", async () => {
  const head = await new SentenceHead({ width: 2, normalise: true, layers: [{ width: 2 }], random: stream }).to(on);
  head.layers[0]!.weight.assign(Float32Array.of(1, 0, 0, 1));
  const of = async (values: number[]): Promise<number[]> => [
    ...(await head.forward(tensor(values, [1, 1, 2], on)).read()),
  ];
  expect(await of([3e-5, 4e-5])).toEqual([Math.fround(0.6), Math.fround(0.8)]);
  expect(await of([0, 0])).toEqual([0, 0]);
  const { gradients } = valueAndGrad(head, () => sum(head.forward(zeros([1, 1, 2], on))));
  for (const gradient of gradients.values()) expect((await gradient.read()).every(Number.isFinite)).toBe(true);
});

test("the dropout of classifiers drops, in training alone", async () => {
  const heads = [
    new ClassificationHead({ width: 4, labels: 2, dropout: 0.5, random: stream }),
    new TokenClassificationHead({ width: 4, labels: 2, dropout: 0.5, random: stream }),
  ];
  for (const head of heads) {
    await head.to(on);
    const x = tensor([1, 2, 3, 4], [1, 1, 4], on);
    const usual = await head.forward(x).read();
    expect(await head.forward(x).read()).toEqual(usual);
    const dropped = await Promise.all(
      [0, 1, 2].map((step) => withDropout(head, random(3), step, () => head.forward(x)).read()),
    );
    expect(new Set(dropped.map(String)).size).toBeGreaterThan(1);
  }
});
