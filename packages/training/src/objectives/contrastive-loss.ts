import { expectPositive } from "@tenon/nn";
import {
  type Backend,
  add,
  cast,
  ConfigError,
  crossEntropy,
  div,
  ids,
  matmul,
  maximum,
  mul,
  scoped,
  ShapeError,
  sqrt,
  square,
  sum,
  type Tensor,
  transpose,
} from "@tenon/tensor";

import type { PairBatch } from "../data/batch.ts";
import type { Objective } from "./objective.ts";
import { outputOf, type SequenceModel } from "./sequence-model.ts";

/** How {@link contrastiveLoss} compares. */
export interface ContrastiveLossOptions {
  /** What similarities are divided by, above 0: the smaller, the more the nearest wrong texts count. Default 0.05. */
  readonly temperature?: number | undefined;
  /** "cosine" of the angle between two vectors, or their "dot" product. Default "cosine". */
  readonly similarity?: "cosine" | "dot" | undefined;
  /** Shall each second text find its first, too? Default false. */
  readonly symmetric?: boolean | undefined;
}

/**
 * Learning vectors of sentences: each first text is to find its second among all second texts of the batch, the others being its negatives. It is the mean over i of
 * −log (exp(s(aᵢ, bᵢ) / τ) / Σⱼ exp(s(aᵢ, bⱼ) / τ)) with similarity s and temperature τ, in nats, []; `symmetric` takes the mean of this and the same with a and b
 * exchanged. Both texts pass the same model, in one loss. The model gives vectors [b, d]: an encoder of `@tenon/models` with `head: { kind: "sentence" }`.
 *
 * It equals `MultipleNegativesRankingLoss` of `sentence-transformers`, whose `scale` is 1 / τ, and which is symmetric when its `directions` are both and each has a partition of its own. With a batch whose
 * first and second texts are the same it is SimCSE: dropout, drawn anew for each pass, is what tells the two apart. Equal texts within a batch are negatives of each
 * other, so draw pairs from a set without repetitions.
 *
 * Throws `ConfigError` for a temperature that is not above 0 and for an unknown similarity. The loss throws `ShapeError` when the two have different numbers of rows or the
 * model does not give [b, d].
 *
 * Henderson et al. 2017, "Efficient natural language response suggestion for Smart Reply", section 4.4; Reimers and Gurevych 2019, "Sentence-BERT"; Gao et al. 2021,
 * "SimCSE: simple contrastive learning of sentence embeddings".
 *
 * @example
 * ```ts
 * const on = cpu();
 * // Each token has a vector of its own, and these two are at right angles.
 * const model: SequenceModel = { vocabulary: 2, forward: () => tensor([2, 0, 0, 3], [2, 2], on) };
 * const texts: Sequences = { inputs: Int32Array.of(0, 1), shape: [2, 1] };
 * const [loss] = await contrastiveLoss({ temperature: 1 })(model, { first: texts, second: texts }, on).read();
 * console.log(loss!.toFixed(4), -Math.log(Math.E / (Math.E + 1)).toFixed(4)); // 0.3133 0.3133
 * ```
 */
export function contrastiveLoss(options: ContrastiveLossOptions = {}): Objective<SequenceModel, PairBatch> {
  const { temperature = 0.05, similarity = "cosine", symmetric = false } = options;
  expectPositive("contrastiveLoss", "temperature", temperature);
  if (similarity !== "cosine" && similarity !== "dot") {
    throw new ConfigError(
      `contrastiveLoss: there is no similarity ${JSON.stringify(similarity)}; choose cosine or dot`,
      {
        similarity,
      },
    );
  }
  const vectors = (model: SequenceModel, sequences: PairBatch["first"], on: Backend): Tensor => {
    const vectors = outputOf(model, sequences, on);
    if (vectors.rank !== 2 || vectors.shape[0] !== sequences.shape[0]) {
      throw new ShapeError(
        `the model gave [${vectors.shape.join(", ")}] for ids [${sequences.shape.join(", ")}]; expected vectors [b, d], as of an encoder with head: { kind: "sentence" }`,
        { got: vectors.shape, ids: sequences.shape },
      );
    }
    const whole = cast(vectors, "f32");
    return similarity === "cosine" ? ofLengthOne(whole) : whole;
  };

  return (model, { first, second }, on) =>
    scoped(() => {
      const rows = first.shape[0];
      if (second.shape[0] !== rows) {
        throw new ShapeError(`contrastiveLoss: ${rows} first texts and ${second.shape[0]} second; each needs its own`, {
          first: first.shape,
          second: second.shape,
        });
      }
      const similarities = matmul(vectors(model, first, on), vectors(model, second, on), { transposeB: true });
      const scores = div(similarities, temperature);
      const own = ids(
        Int32Array.from({ length: rows }, (_, i) => i),
        [rows],
        on,
        { limit: rows },
      );
      const loss = crossEntropy(scores, own);
      return symmetric ? mul(add(loss, crossEntropy(transpose(scores), own)), 0.5) : loss;
    });
}

/** x / max(‖x‖, 10⁻¹²) for each row. The bound is within the root, whose derivative at 0 is infinite. */
const ofLengthOne = (x: Tensor): Tensor => div(x, sqrt(maximum(sum(square(x), -1, { keepDims: true }), 1e-24)));
