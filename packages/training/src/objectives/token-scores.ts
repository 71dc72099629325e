import { type Backend, crossEntropy, ids, reshape, ShapeError, type Tensor } from "@tenon/tensor";

import { type Batch, ignored } from "../data/batch.ts";
import { expectNotNegative, expectShare } from "../expect-options.ts";
import { sameShape } from "../same-shape.ts";

/** How tokens that were asked for are scored. */
export interface TokenLossOptions {
  /**
   * The share ε of each target that is divided equally among all v tokens: 0.1 in "Attention is all you need". Leave it out for a loss whose exponential is to be
   * the perplexity. Default 0.
   */
  readonly labelSmoothing?: number | undefined;
  /** The weight ζ of log² Z, with Z = Σ e^logits, which keeps the logits of a long run from drifting: 1e-4 in PaLM. Default 0. */
  readonly zLoss?: number | undefined;
}

/** Options that were checked, every default filled in. */
export type TokenScores = { readonly labelSmoothing: number; readonly zLoss: number };

/** Checks them once, where a loss is made. Throws `ConfigError`. */
export function tokenScores(caller: string, { labelSmoothing = 0, zLoss = 0 }: TokenLossOptions): TokenScores {
  expectShare(caller, "labelSmoothing", labelSmoothing, { below: true });
  expectNotNegative(caller, "zLoss", zLoss);
  return { labelSmoothing, zLoss };
}

/** The mean score of logits [b, t, v] at the positions that have a target, []. */
export function scored(
  logits: Tensor,
  { targets, shape }: Pick<Batch, "targets" | "shape">,
  vocabulary: number,
  on: Backend,
  scores: TokenScores,
): Tensor {
  const [rows, length] = shape;
  const expected = [rows, length, vocabulary];
  if (!sameShape(logits.shape, expected)) {
    throw new ShapeError(
      `the model gave [${logits.shape.join(", ")}] for ids [${shape.join(", ")}]; expected logits [b, t, v] = [${expected.join(", ")}]`,
      { shape: logits.shape, expected },
    );
  }
  const right = ids(targets, [rows * length], on, { limit: vocabulary, what: "target id", ignore: ignored });
  return crossEntropy(reshape(logits, [rows * length, vocabulary]), right, { ignoreIndex: ignored, ...scores });
}
