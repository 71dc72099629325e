import { wasm } from "@tenon/backend-wasm";
import { assemble, bert } from "@tenon/models";
import { argMax, ids, matmul, random, scoped, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { Sequences } from "./data/batch.ts";
import { labelledBatches } from "./data/labelled-batches.ts";
import { maskedBatches } from "./data/masked-batches.ts";
import { pairBatches } from "./data/pair-batches.ts";
import { preTrainingBatches } from "./data/pre-training-batches.ts";
import { evaluate } from "./evaluate.ts";
import { classificationLoss } from "./objectives/classification-loss.ts";
import { contrastiveLoss } from "./objectives/contrastive-loss.ts";
import { distillationLoss } from "./objectives/distillation-loss.ts";
import { maskedLoss } from "./objectives/masked-loss.ts";
import type { Objective } from "./objectives/objective.ts";
import { preTrainingLoss } from "./objectives/pre-training-loss.ts";
import { AdamW } from "./optimisers/adamw.ts";
import { warmUpLinear } from "./schedules/warm-up-linear.ts";
import { train } from "./train.ts";

// Small encoders learn each objective on all of its way: batches, loss, gradients, steps.
const vocabulary = 24;
const on = await wasm({ threads: 1 });
const dice = random(11);
const model = (head: { readonly kind: string; readonly labels?: number }, width = 16) => {
  const spec = bert({ vocabulary, context: 12, width, layers: 1, heads: 2, dropout: 0.05 });
  return assemble({ ...spec, head: { ...head } }).to(on);
};
type Encoder = Awaited<ReturnType<typeof model>>;

async function learn<B extends object>(
  learner: Encoder,
  objective: Objective<Encoder, B>,
  batches: (step: number) => B,
  steps: number,
): Promise<void> {
  const optimiser = new AdamW(learner);
  const schedule = warmUpLinear({ rate: 0.01, warmUp: 5, steps });
  const run = train({ model: learner, objective, batches, optimiser, schedule, steps, random: random(4) });
  for await (const _ of run);
  for (const { data } of (await optimiser.state()).values()) expect(data.every(Number.isFinite)).toBe(true);
}
const randomIds = (length: number): number[] => Array.from({ length }, () => 3 + dice.integer(10));
const output = (learner: Encoder, { inputs, segments, shape }: Sequences): Tensor =>
  learner.forward(
    ids(inputs, shape, on, { limit: vocabulary }),
    segments && { segments: ids(segments, shape, on, { limit: 2 }) },
  );

test("a classifier learns whether two texts begin alike", async () => {
  const text = (label: number) => {
    const first = randomIds(2);
    const other = 3 + ((first[0]! - 3 + 1 + dice.integer(9)) % 10);
    const second = [label === 1 ? first[0]! : other, ...randomIds(1)];
    return { ids: [1, ...first, ...second], segments: [0, 0, 0, 1, 1], label };
  };
  const all = Array.from({ length: 400 }, (_, i) => text(i % 2));
  const classifier = await model({ kind: "classification", labels: 2 });
  const batches = labelledBatches({ texts: all.slice(0, 320), rows: 32, random: random(2) });
  await learn(classifier, classificationLoss({ labelSmoothing: 0.05 }), batches, 140);
  const held = labelledBatches({ texts: all.slice(320), rows: 80, random: random(3) })(0);
  using best = scoped(() => argMax(output(classifier, held)));
  const right = (await best.read()).filter((label, i) => label === held.labels[i]).length;
  expect(right / 80).toBeGreaterThan(0.8);
});

test("an encoder of sentences brings pairs together that it has not seen", async () => {
  // The second text says the same in other words: each token's number and 10.
  const pair = () => {
    const words = randomIds(4);
    return { first: { ids: [1, ...words] }, second: { ids: [1, ...words.map((id) => id + 10)] } };
  };
  const all = Array.from({ length: 256 }, pair);
  const encoder = await model({ kind: "sentence", normalise: true } as { kind: string });
  const batches = pairBatches({ pairs: all.slice(0, 224), rows: 32, random: random(2) });
  const held = pairBatches({ pairs: all.slice(224), rows: 32, random: random(3) })(0);
  const found = async (): Promise<number> => {
    using best = scoped(() =>
      argMax(matmul(output(encoder, held.first), output(encoder, held.second), { transposeB: true })),
    );
    return (await best.read()).filter((column, row) => column === row).length / 32;
  };
  expect(await found()).toBeLessThan(0.3);
  await learn(encoder, contrastiveLoss({ symmetric: true }), batches, 60);
  expect(await found()).toBeGreaterThan(0.8);
});

test("a student follows its teacher, from texts alone", async () => {
  const data = { ids: randomIds(400), context: 8, batch: 8, vocabulary, mask: 2 };
  const teacher = await model({ kind: "masked-language" });
  const batches = maskedBatches({ ...data, random: random(2), rate: 0.3 });
  await learn(teacher, maskedLoss, batches, 10);
  const student = await model({ kind: "masked-language" }, 8);
  const objective = distillationLoss({ teacher, share: 1, temperature: 1 });
  const held = { batches: maskedBatches({ ...data, random: random(3) }), count: 4 };
  const before = await evaluate({ model: student, objective, ...held });
  const parameters = await teacher.parameters().get("embedding.tokens.table")!.host();
  await learn(student, objective, batches, 60);
  expect(await evaluate({ model: student, objective, ...held })).toBeLessThan(before / 4);
  expect(await teacher.parameters().get("embedding.tokens.table")!.host()).toEqual(parameters);
});

test("pre-training learns words and what follows", async () => {
  // Each document has a token of its own in every sentence, so that what belongs together shows.
  const documents = Array.from({ length: 8 }, (_, i) =>
    Array.from({ length: 4 }, () => [13 + i, 13 + i, ...randomIds(1)]),
  );
  const batches = preTrainingBatches({
    documents,
    context: 12,
    batch: 16,
    random: random(2),
    vocabulary,
    mask: 2,
    begin: 0,
    separator: 1,
    shortShare: 0,
  });
  const learner = await model({ kind: "pre-training" });
  const measure = () =>
    evaluate({ model: learner, objective: preTrainingLoss, batches: (i) => batches(1000 + i), count: 4 });
  const before = await measure();
  await learn(learner, preTrainingLoss, batches, 120);
  // Words alone begin at log 24 = 3.18 and pairs at log 2 = 0.69.
  expect(before).toBeGreaterThan(3.4);
  expect(await measure()).toBeLessThan(before - 1);
});
