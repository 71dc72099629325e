import { expectPositive } from "@tenon/nn";
import {
  add,
  cast,
  ConfigError,
  div,
  greater,
  logSoftmax,
  mul,
  reshape,
  scoped,
  ShapeError,
  sizeOf,
  softmax,
  sub,
  sum,
  tensor,
  type Tensor,
  where,
} from "@tenon/tensor";

import { type Batch, ignored, type LabelledBatch } from "../data/batch.ts";
import { askedIn } from "../data/counts.ts";
import { expectShare } from "../expect-options.ts";
import { sameShape } from "../same-shape.ts";
import { classScores } from "./class-scores.ts";
import type { Objective } from "./objective.ts";
import { outputOf, type SequenceModel } from "./sequence-model.ts";

/** Whom {@link distillationLoss} learns from, and how. */
export interface DistillationLossOptions {
  /** A trained model with the same vocabulary and classes, on the backend of the student. It is not changed. */
  readonly teacher: SequenceModel;
  /** What both models' logits are divided by, above 0: the higher, the more unlikely answers count. Default 2. */
  readonly temperature?: number | undefined;
  /** What the teacher's answers count, from 0 to 1; the right ones count the rest. Default 0.5. */
  readonly share?: number | undefined;
}

/**
 * A small model learns what a large one answers: share · T² · KL(p ‖ q) + (1 − share) · −log q₁(target), in nats, [], with the teacher's p = softmax(teacher / T), the
 * student's q = softmax(student / T), and q₁ the same at temperature 1. Each is a mean: over the positions that have a target for a batch of tokens,
 * and for a batch of texts over all rows and over those with a label. T² keeps the gradients' size. Texts without labels
 * teach, too, but `evaluate` and accumulation weigh batches by their labels.
 *
 * The teacher runs without dropout and leaves nothing on the tape: it costs a forward pass and its logits. It may be any size, decoder or encoder, with any head that gives
 * logits [b, t, c] or [b, c].
 *
 * Throws `ConfigError` for a temperature that is not above 0 and a share that is none. The loss throws `ShapeError` when teacher and student give different
 * shapes, or other than a row for each target or label, and `BackendError` for a teacher on another backend.
 *
 * Hinton et al. 2015, "Distilling the knowledge in a neural network"; Sanh et al. 2019, "DistilBERT, a distilled version of BERT".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const saying = (logits: number[]): SequenceModel => ({ vocabulary: 2, forward: () => tensor(logits, [1, 1, 2], on) });
 * const batch: Batch = { inputs: Int32Array.of(0), targets: Int32Array.of(1), shape: [1, 1] };
 * const objective = distillationLoss({ teacher: saying([0, 2]), share: 1 });
 * console.log(await objective(saying([5, 7]), batch, on).read()); // Float32Array(1) [ 0 ]
 * const [loss] = await objective(saying([2, 0]), batch, on).read();
 * console.log(loss!.toFixed(4)); // 1.8485
 * ```
 */
export function distillationLoss(options: DistillationLossOptions): Objective<SequenceModel, Batch | LabelledBatch> {
  const { teacher, temperature = 2, share = 0.5 } = options;
  expectPositive("distillationLoss", "temperature", temperature);
  expectShare("distillationLoss", "share", share);
  const scoreHard = classScores("distillationLoss", {});
  return (model, batch, on) =>
    scoped(() => {
      if (model === teacher) {
        throw new ConfigError("distillationLoss: the teacher is the model that is trained; give it a model of its own");
      }
      const { right, taught } = askedFor(batch);
      const student = outputOf(model, batch, on);
      const logits = rowsOf(student, right.length);
      const hard = (): Tensor => mul(scoreHard(logits, right, on), 1 - share);
      if (share === 0) return hard();
      const { p, logP } = scoped(() => {
        const answer = outputOf(teacher, batch, on);
        if (!sameShape(answer.shape, student.shape)) throw differ(answer, student);
        const soft = div(rowsOf(answer, right.length), temperature);
        const weights = tensor(taught, [right.length, 1], on);
        return { p: mul(softmax(soft), weights), logP: logSoftmax(soft) };
      });
      const gaps = mul(p, sub(logP, logSoftmax(div(logits, temperature))));
      // What the teacher rules out, at −∞, counts for nothing.
      const divergence = sum(where(greater(p, 0), gaps, 0));
      const soft = mul(divergence, share * temperature ** 2);
      return share === 1 ? soft : add(soft, hard());
    });
}

/** The class that is right in each row, and what each row counts in the teacher's share. */
function askedFor(batch: Batch | LabelledBatch): { right: Int32Array; taught: Float64Array } {
  if ("targets" in batch) {
    const { targets } = batch;
    const count = askedIn(targets);
    return { right: targets, taught: Float64Array.from(targets, (target) => (target === ignored ? 0 : 1 / count)) };
  }
  const { labels } = batch;
  if (!(labels instanceof Int32Array)) {
    throw new ConfigError(
      "distillationLoss: the labels of the batch are numbers, where classes are expected (an Int32Array)",
    );
  }
  return { right: labels, taught: new Float64Array(labels.length).fill(1 / labels.length) };
}

/** Logits [b, t, c] or [b, c] as [n, c] in f32. */
function rowsOf(logits: Tensor, rows: number): Tensor {
  const classes = logits.shape.at(-1)!;
  if (logits.rank < 2 || sizeOf(logits.shape) !== rows * classes) {
    throw new ShapeError(
      `distillationLoss: the model gave [${logits.shape.join(", ")}] where the batch asks for ${rows} classes; expected logits [b, t, c] for targets, or [b, c] for labels`,
      { got: logits.shape, rows },
    );
  }
  return cast(reshape(logits, [rows, classes]), "f32");
}

const differ = ({ shape: teacher }: Tensor, { shape: student }: Tensor): ShapeError =>
  new ShapeError(
    `distillationLoss: the teacher gave [${teacher.join(", ")}] and the student [${student.join(", ")}]; both need the same vocabulary and classes`,
    { teacher, student },
  );
