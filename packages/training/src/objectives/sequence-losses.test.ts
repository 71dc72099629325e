import { assemble, bert } from "@tenon/models";
import { Dropout, Embedding, Module, valueAndGrad, withDropout } from "@tenon/nn";
import { cpu, mean, random, tensor, type Tensor, zeros } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { Batch, LabelledBatch } from "../data/batch.ts";
import type { PreTrainingBatch } from "../data/pre-training-batches.ts";
import { classificationLoss, tokenClassificationLoss } from "./classification-loss.ts";
import { contrastiveLoss } from "./contrastive-loss.ts";
import { distillationLoss } from "./distillation-loss.ts";
import { hiddenDistance } from "./hidden-distance.ts";
import { preTrainingLoss } from "./pre-training-loss.ts";
import { regressionLoss } from "./regression-loss.ts";
import type { SequenceModel } from "./sequence-model.ts";
import { withSideLosses } from "./with-side-losses.ts";

const on = cpu({ precision: "f64" });
const texts = { inputs: Int32Array.of(0, 1, 2, 2, 1, 0), shape: [2, 3] as const };
const labelled = (...labels: number[]): LabelledBatch => ({ ...texts, labels: Int32Array.from(labels) });
const tagged: Batch = { ...texts, targets: Int32Array.of(1, -100, 0, -100, 0, -100) };
/** A model that says the same to all. */
const saying = (numbers: readonly number[], ...shape: number[]): SequenceModel => ({
  vocabulary: 3,
  forward: () => tensor(numbers, shape, on),
});
const silent = (...shape: number[]): SequenceModel => ({ vocabulary: 3, forward: () => zeros(shape, on) });

/** A class for each token, with dropout on the way. */
class Tagger extends Module<[ids: Tensor], Tensor> {
  readonly vocabulary: number = 3;
  readonly table: Embedding;
  readonly dropout: Dropout = new Dropout(0.5);
  constructor(seed: number) {
    super();
    this.table = new Embedding({ count: 3, width: 2, random: random(seed) });
  }
  protected override compute(ids: Tensor): Tensor {
    return this.dropout.forward(this.table.forward(ids));
  }
}

test("lengths and segments reach the model, and what is out of range does not", () => {
  const seen: (readonly string[])[] = [];
  const spy: SequenceModel = {
    vocabulary: 3,
    segments: 2,
    forward(_, options = {}) {
      seen.push(Object.keys(options));
      return zeros([2, 2], on);
    },
  };
  const loss = classificationLoss();
  loss(spy, labelled(0, 1), on);
  const segments = Int32Array.of(0, 0, 1, 0, 1, 1);
  loss(spy, { ...labelled(0, 1), lengths: Int32Array.of(3, 2), segments }, on);
  expect(seen).toEqual([[], ["lengths", "segments"]]);
  expect(() => loss(spy, { ...labelled(0, 1), segments: segments.fill(2) }, on)).toThrow("segment 2 at place 0");
});

test("classes: what is wrong is refused by name", () => {
  const weighted = classificationLoss({ classWeights: [1, 2] });
  expect(() => classificationLoss({ labelSmoothing: 1 })).toThrow(
    "classificationLoss: labelSmoothing must be at least 0 and below 1, got 1",
  );
  expect(() => tokenClassificationLoss({ classWeights: [1, 0] })).toThrow(
    "tokenClassificationLoss: classWeights[1] must be a finite number above 0, got 0",
  );
  expect(() => weighted(silent(2, 3), labelled(0, 1), on)).toThrow(
    "classificationLoss: 2 classWeights for a model of 3 classes; give one for each",
  );
  expect(() => weighted(silent(2, 2), labelled(0, 2), on)).toThrow("label 2 at place 1 is out of range");
  expect(() => classificationLoss()(silent(2, 2), { ...texts, labels: Float32Array.of(0, 1) }, on)).toThrow(
    "the labels of the batch are numbers, where classes are expected (an Int32Array); regressionLoss is for numbers",
  );
  expect(() => classificationLoss()(silent(2, 3, 2), labelled(0, 1), on)).toThrow(
    'the model gave [2, 3, 2] for ids [2, 3]; expected logits [b, c], as of an encoder with head: { kind: "classification", labels: c }',
  );
  expect(() => tokenClassificationLoss()(silent(2, 2), tagged, on)).toThrow("expected logits [b, t, c]");
});

test("nothing asked is a loss of 0, weights or not", async () => {
  for (const options of [{}, { classWeights: [1, 2] }]) {
    const loss = classificationLoss(options)(saying([1, 2, 3, 4], 2, 2), labelled(-100, -100), on);
    expect((await loss.read())[0]).toBeCloseTo(0, 15);
  }
});

test("numbers: the shapes [b] and [b, 1] are alike, and what is wrong is refused", async () => {
  const batch = { ...texts, labels: Float32Array.of(3, 2) };
  for (const model of [saying([1, 2], 2), saying([1, 2], 2, 1)]) {
    expect(await regressionLoss(model, batch, on).read()).toEqual(Float64Array.of(2));
  }
  expect(() => regressionLoss(silent(2, 1), labelled(0, 1), on)).toThrow("classificationLoss is for classes");
  expect(() => regressionLoss(silent(2, 2), batch, on)).toThrow(
    "the model gave [2, 2] for ids [2, 3] with 2 labels; expected as many numbers as labels",
  );
});

test("pairs: a single pair has nothing to be told from, and what is wrong is refused", async () => {
  const one = { inputs: Int32Array.of(1), shape: [1, 1] as const };
  const loss = contrastiveLoss()(saying([3, 4], 1, 2), { first: one, second: one }, on);
  expect((await loss.read())[0]).toBeCloseTo(0, 15);
  expect(() => contrastiveLoss({ temperature: 0 })).toThrow("contrastiveLoss: temperature must be");
  expect(() => contrastiveLoss({ similarity: "euclid" as "dot" })).toThrow(
    'contrastiveLoss: there is no similarity "euclid"; choose cosine or dot',
  );
  expect(() => contrastiveLoss()(silent(2, 2), { first: texts, second: one }, on)).toThrow(
    "contrastiveLoss: 2 first texts and 1 second; each needs its own",
  );
  expect(() => contrastiveLoss()(silent(2, 3, 4), { first: texts, second: texts }, on)).toThrow(
    "the model gave [2, 3, 4] for ids [2, 3]; expected vectors [b, d]",
  );
});

test("a vector of zeros has a finite gradient", async () => {
  const model = await new Embedding({
    count: 3,
    width: 2,
    random: random(1),
    initial: () => (shape) => new Float32Array(shape[0]! * shape[1]!),
  }).to(on);
  const pooled: SequenceModel = { vocabulary: 3, forward: (ids) => mean(model.forward(ids), 1) };
  const { gradients } = valueAndGrad(model, () => contrastiveLoss()(pooled, { first: texts, second: texts }, on));
  expect((await gradients.get(model.table)!.read()).every(Number.isFinite)).toBe(true);
});

test("with the same text twice, dropout alone tells the two apart (SimCSE)", async () => {
  const tagger = await new Tagger(1).to(on);
  const seen: Tensor[] = [];
  const model: SequenceModel = {
    vocabulary: 3,
    forward(ids) {
      const vectors = mean(tagger.forward(ids), 1);
      seen.push(vectors.backend.share(vectors, vectors.type));
      return vectors;
    },
  };
  withDropout(tagger, random(2), 0, () => contrastiveLoss()(model, { first: texts, second: texts }, on));
  expect(await seen[0]!.read()).not.toEqual(await seen[1]!.read());
});

test("the teacher has no dropout, no gradient and no place on the tape", async () => {
  const student = await new Tagger(1).to(on);
  const taught = await new Tagger(2).to(on);
  const backends: unknown[] = [];
  const answers: Tensor[] = [];
  const teacher: SequenceModel = {
    vocabulary: 3,
    forward(ids) {
      const logits = taught.forward(ids);
      backends.push(logits.backend);
      answers.push(on.share(logits, logits.type));
      return logits;
    },
  };
  const objective = distillationLoss({ teacher });
  const before = on.memory().tensors;
  const { value, gradients } = withDropout(student, random(3), 0, () =>
    valueAndGrad(student, () => objective(student, tagged, on)),
  );
  expect(backends).toEqual([on]);
  expect([...gradients.keys()]).toEqual([student.table.table]);
  // Its table's rows as they are: a dropout would have halved or doubled them.
  const logits = await answers[0]!.read();
  expect([...logits.subarray(0, 6)]).toEqual([...(await taught.table.table.host())]);
  for (const each of [value, ...gradients.values(), ...answers]) each[Symbol.dispose]();
  expect(on.memory().tensors).toBe(before);
});

test("of the teacher and of what is right, each counts its share", async () => {
  const [student, teacher] = [saying([1, 0, 0, 3], 2, 2), saying([0, 2, 1, 1], 2, 2)];
  const loss = async (share: number, batch = labelled(1, 0)): Promise<number> =>
    (await distillationLoss({ teacher, share, temperature: 3 })(student, batch, on).read())[0]!;
  const hard = (await classificationLoss()(student, labelled(1, 0), on).read())[0]!;
  expect(await loss(0)).toBe(hard);
  expect(await loss(0.25)).toBeCloseTo(0.25 * (await loss(1)) + 0.75 * hard, 12);
  // The teacher answers texts without labels, too.
  expect(await loss(1, labelled(-100, -100))).toBe(await loss(1));
  const deaf: SequenceModel = { vocabulary: 3, forward: () => expect.fail("nobody asks the teacher") };
  distillationLoss({ teacher: deaf, share: 0 })(student, labelled(1, 0), on);
});

test("students and teachers that do not fit are refused", async () => {
  const teacher = silent(2, 3, 2);
  const objective = distillationLoss({ teacher });
  expect(() => distillationLoss({ teacher, share: 1.5 })).toThrow("distillationLoss: share must be at least 0");
  expect(() => distillationLoss({ teacher, temperature: -1 })).toThrow("distillationLoss: temperature must be");
  expect(() => objective(teacher, tagged, on)).toThrow(
    "the teacher is the model that is trained; give it a model of its own",
  );
  expect(() => objective(silent(2, 3, 4), tagged, on)).toThrow(
    "distillationLoss: the teacher gave [2, 3, 2] and the student [2, 3, 4]; both need the same vocabulary and classes",
  );
  expect(() => objective(silent(2, 2), tagged, on)).toThrow(
    "distillationLoss: the model gave [2, 2] where the batch asks for 6 classes; expected logits [b, t, c] for targets, or [b, c] for labels",
  );
  expect(() => objective(silent(2, 2), { ...texts, labels: Float32Array.of(1, 2) }, on)).toThrow(
    "distillationLoss: the labels of the batch are numbers",
  );
  const abroad = await new Tagger(2).to(cpu());
  expect(() => distillationLoss({ teacher: abroad })(silent(2, 3, 2), tagged, on)).toThrow(/backend/);
});

test("hidden states need two models that run once, and vectors of one width", async () => {
  const make = (width: number) => assemble(bert({ vocabulary: 3, context: 4, width, layers: 1, heads: 1 })).to(on);
  const [teacher, student, narrow] = [await make(4), await make(4), await make(2)];
  const objective = (followed: Parameters<typeof hiddenDistance>[0]["teacher"]) =>
    withSideLosses(distillationLoss({ teacher }), {
      measure: hiddenDistance({ teacher: followed }),
      weights: { hidden: 1 },
    });
  expect(() => hiddenDistance({ teacher, distance: "far" as "square" })).toThrow(
    'hiddenDistance: there is no distance "far"; choose cosine or square',
  );
  expect(() => objective(teacher)(narrow, tagged, on)).toThrow(
    "hiddenDistance: the teacher's vectors are [2, 3, 4] and the student's [2, 3, 2]; both need the same width",
  );
  expect(() => objective(narrow)(student, tagged, on)).toThrow(/final|ran 0 times/);
  expect(() =>
    hiddenDistance({ teacher })(
      student,
      () => [teacher, student, student].map((model) => model.forward(tensor([0], [1, 1], on, "i32"))),
      {},
    ),
  ).toThrow("hiddenDistance: the student ran 2 times in the objective, where once is expected");
});

test("pre-training needs a head that tells of pairs", async () => {
  const spec = bert({ vocabulary: 3, context: 4, width: 4, layers: 1, heads: 1 });
  const words = await assemble(spec).to(on);
  const batch: PreTrainingBatch = {
    ...tagged,
    lengths: Int32Array.of(3, 3),
    segments: new Int32Array(6),
    labels: Int32Array.of(0, 1),
  };
  expect(() => preTrainingLoss(words, batch, on)).toThrow(
    'preTrainingLoss: the head of the model hands out no logits of the pair; assemble it with head: { kind: "pre-training" }, or train words alone with maskedLoss',
  );
  // Its routers hand out, too, before the head does.
  const feedForward = { kind: "mixture", experts: 2, expertsPerToken: 1, hidden: 4 };
  const both = await assemble({ ...spec, feedForward, head: { kind: "pre-training" } }).to(on);
  const before = on.memory().tensors;
  using loss = preTrainingLoss(both, batch, on);
  expect(loss.shape).toEqual([]);
  expect(on.memory().tensors).toBe(before + 1);
});
