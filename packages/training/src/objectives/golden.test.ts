import { readFileSync } from "node:fs";

import { assemble, bert } from "@tenon/models";
import { valueAndGrad } from "@tenon/nn";
import { cpu } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { Batch, LabelledBatch, Sequences } from "../data/batch.ts";
import type { PreTrainingBatch } from "../data/pre-training-batches.ts";
import { classificationLoss, tokenClassificationLoss } from "./classification-loss.ts";
import { contrastiveLoss } from "./contrastive-loss.ts";
import { distillationLoss } from "./distillation-loss.ts";
import { hiddenDistance } from "./hidden-distance.ts";
import { maskedLoss } from "./masked-loss.ts";
import type { Objective } from "./objective.ts";
import { preTrainingLoss } from "./pre-training-loss.ts";
import { regressionLoss } from "./regression-loss.ts";
import { withSideLosses } from "./with-side-losses.ts";

type Weights = Readonly<Record<string, readonly number[]>>;
interface Case {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}
interface Golden {
  readonly sizes: Parameters<typeof bert>[0] & { readonly hidden: number };
  readonly batch: Plain;
  readonly preTraining: Case & { weights: Weights; targets: number[]; labels: number[] };
  readonly classes: { weights: Weights; cases: (Case & { labels: number[]; options: object })[] };
  readonly numbers: Case & { labels: number[] };
  readonly studentOfClasses: Case & {
    teacher: Weights;
    labels: number[];
    options: { temperature: number; share: number };
  };
  readonly tags: Case & { weights: Weights; targets: number[] };
  readonly studentOfTags: Case & { teacher: Weights; options: { temperature: number; share: number } };
  readonly hidden: (Case & { distance: "cosine" | "square" })[];
  readonly pairs: { weights: Weights; second: Plain; cases: (Case & { options: object })[] };
}
type Plain = { inputs: number[]; lengths: number[]; segments: number[]; shape: [number, number] };

const golden = JSON.parse(readFileSync(new URL("../../goldens/objectives.json", import.meta.url), "utf8")) as Golden;
const on = cpu({ precision: "f64" });
const sequences = ({ inputs, lengths, segments, shape }: Plain): Sequences => ({
  inputs: Int32Array.from(inputs),
  lengths: Int32Array.from(lengths),
  segments: Int32Array.from(segments),
  shape,
});
const texts = sequences(golden.batch);

async function modelOf(weights: Weights, head: { readonly kind: string; readonly labels?: number }) {
  const { hidden, ...sizes } = golden.sizes;
  const model = assemble({
    ...bert(sizes),
    feedForward: { kind: "mlp", hidden, activation: "gelu" },
    head: { ...head },
  });
  await model.to(on);
  const parameters = model.parameters();
  expect([...parameters.keys()].sort()).toEqual(Object.keys(weights).sort());
  for (const [path, levels] of Object.entries(weights)) {
    parameters.get(path)!.assign(Float64Array.from(levels, (level) => level / 256));
  }
  return model;
}
type Model = Awaited<ReturnType<typeof modelOf>>;

async function expectEqual<B extends object>(model: Model, objective: Objective<Model, B>, batch: B, expected: Case) {
  const { value, gradients } = valueAndGrad(model, () => objective(model, batch, on));
  expect(value.shape).toEqual([]);
  expect((await value.read())[0]).toBeCloseTo(expected.loss, 9);
  const parameters = model.parameters();
  for (const [path, numbers] of Object.entries(expected.gradients)) {
    const gradient = await gradients.get(parameters.get(path)!)!.read();
    expect(gradient.length).toBe(numbers.length);
    gradient.forEach((each, i) => expect(each, `${path}[${i}]`).toBeCloseTo(numbers[i]!, 8));
  }
  for (const each of [value, ...gradients.values()]) each[Symbol.dispose]();
}

test("preTrainingLoss is that of BertForPreTraining, and its gradients", async () => {
  const { weights, targets, labels, ...expected } = golden.preTraining;
  const model = await modelOf(weights, { kind: "pre-training" });
  const batch = { ...texts, targets: Int32Array.from(targets), labels: Int32Array.from(labels) } as PreTrainingBatch;
  await expectEqual(model, preTrainingLoss, batch, expected);
  // The words' share alone is less, so both are in it.
  const words = maskedLoss(model, batch, on);
  expect((await words.read())[0]).toBeLessThan(expected.loss - 0.1);
});

test("classificationLoss is that of BertForSequenceClassification, with smoothing and weights that of PyTorch", async () => {
  const { weights, cases } = golden.classes;
  const model = await modelOf(weights, { kind: "classification", labels: 3 });
  for (const { labels, options, ...expected } of cases) {
    const batch: LabelledBatch = { ...texts, labels: Int32Array.from(labels) };
    await expectEqual(model, classificationLoss(options), batch, expected);
  }
  const { labels, ...expected } = golden.numbers;
  await expectEqual(model, regressionLoss, { ...texts, labels: Float32Array.from(labels) }, expected);
});

test("tokenClassificationLoss is that of BertForTokenClassification", async () => {
  const { weights, targets, ...expected } = golden.tags;
  const model = await modelOf(weights, { kind: "token-classification", labels: 3 });
  const batch: Batch = { ...texts, targets: Int32Array.from(targets) };
  await expectEqual(model, tokenClassificationLoss(), batch, expected);
});

test("distillationLoss is Hinton's by PyTorch's KLDivLoss, for texts and for tokens", async () => {
  const { labels, options, teacher, ...expected } = golden.studentOfClasses;
  const classes = { kind: "classification", labels: 3 };
  const objective = distillationLoss({ ...options, teacher: await modelOf(teacher, classes) });
  const batch: LabelledBatch = { ...texts, labels: Int32Array.from(labels) };
  await expectEqual(await modelOf(golden.classes.weights, classes), objective, batch, expected);

  const { teacher: tagger, options: same, ...alike } = golden.studentOfTags;
  const tags = { kind: "token-classification", labels: 3 };
  const tagging = distillationLoss({ ...same, teacher: await modelOf(tagger, tags) });
  const asked: Batch = { ...texts, targets: Int32Array.from(golden.tags.targets) };
  await expectEqual(await modelOf(golden.tags.weights, tags), tagging, asked, alike);
});

test("hiddenDistance is DistilBERT's cosine, and PyTorch's mean of squares, over what is text", async () => {
  const tags = { kind: "token-classification", labels: 3 };
  const teacher = await modelOf(golden.studentOfTags.teacher, tags);
  const student = await modelOf(golden.tags.weights, tags);
  const batch: Batch = { ...texts, targets: Int32Array.from(golden.tags.targets) };
  for (const { distance, ...expected } of golden.hidden) {
    const measure = hiddenDistance({ teacher, distance });
    const objective = withSideLosses(distillationLoss({ ...golden.studentOfTags.options, teacher }), {
      measure,
      weights: { hidden: 0.5 },
    });
    await expectEqual(student, objective, batch, expected);
  }
});

test("contrastiveLoss is sentence-transformers' MultipleNegativesRankingLoss, both ways too", async () => {
  const { weights, second, cases } = golden.pairs;
  const model = await modelOf(weights, { kind: "sentence" });
  for (const { options, ...expected } of cases) {
    const pairs = { first: texts, second: sequences(second) };
    await expectEqual(model, contrastiveLoss(options), pairs, expected);
  }
});
