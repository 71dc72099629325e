import { ConfigError, ShapeError } from "../errors.ts";
import { apply, type Composite } from "../op.ts";
import { scoped } from "../scope.ts";
import { show, sizeOf, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, div, mul, neg, sub } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { equal, not } from "./compare.ts";
import { logSumExp } from "./log-sum-exp.ts";
import { maximum } from "./maximum.ts";
import { expectDType, expectFloat } from "./operand.ts";
import { square } from "./pointwise.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { logSoftmax, softmax } from "./softmax.ts";
import { scatterAlong, takeAlong } from "./take-along.ts";
import { where } from "./where.ts";

/** Which rows count, a target for each row that is in range, and how many rows count, at least 1. */
function rowsOf(targets: Tensor, ignoreIndex: number): { counts: Tensor; index: Tensor; total: Tensor } {
  const column = reshape(targets, [targets.shape[0]!, 1]);
  const counts = not(equal(column, ignoreIndex));
  return { counts, index: where(counts, column, 0), total: maximum(sum(cast(counts, "f32")), 1) };
}

type CrossEntropyAttrs = { ignoreIndex: number; labelSmoothing: number; zLoss: number };

function lossType(
  op: string,
  logits: TensorType,
  targets: TensorType,
  { labelSmoothing, zLoss }: CrossEntropyAttrs,
): TensorType {
  expectFloat(op, logits, "logits");
  expectDType(op, targets, "i32", "targets");
  if (logits.shape.length !== 2 || targets.shape.length !== 1 || targets.shape[0] !== logits.shape[0]) {
    throw new ShapeError(
      `${op}: logits must be [n, v] and targets [n], got ${show(logits.shape)} and ${show(targets.shape)}; reshape() them`,
      { logits: logits.shape, targets: targets.shape },
    );
  }
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ConfigError(
      `${op}: labelSmoothing must be a number from 0 to 1, the share of the target that all classes divide; got ${labelSmoothing}`,
      { labelSmoothing },
    );
  }
  if (!(zLoss >= 0 && zLoss < Infinity)) {
    throw new ConfigError(`${op}: zLoss must be a finite number from 0 up, the weight of log² Z; got ${zLoss}`, {
      zLoss,
    });
  }
  return { dtype: "f32", shape: [] };
}

export const crossEntropyOp: Composite<[logits: Tensor, targets: Tensor], CrossEntropyAttrs> = {
  kind: "composite",
  name: "crossEntropy",
  infer: ([logits, targets], attrs) => lossType("crossEntropy", logits, targets, attrs),
  saves: "inputs",
  compose: ([logits, targets], { ignoreIndex, labelSmoothing, zLoss }) => {
    const { counts, index, total } = rowsOf(targets, ignoreIndex);
    const wide = cast(logits, "f32");
    const logs = logSoftmax(wide);
    const right = takeAlong(logs, index);
    // Without smoothing a class that is ruled out, at −∞, must not be touched.
    const smooth = (): Tensor =>
      add(mul(right, 1 - labelSmoothing), mul(sum(logs, -1, { keepDims: true }), labelSmoothing / logits.shape[1]!));
    const likely = labelSmoothing === 0 ? right : smooth();
    const gain = zLoss === 0 ? likely : sub(likely, mul(square(logSumExp(wide, -1, { keepDims: true })), zLoss));
    return neg(div(sum(where(counts, gain, 0)), total));
  },
  gradient: ({ inputs: [logits, targets], upstream, attrs }) => [
    () => apply(crossEntropyGradientOp, [logits, targets, upstream], attrs),
    undefined,
  ],
  flops: ([logits]) => 5 * sizeOf(logits.shape),
};

/** The gradient to the logits, of which kernels need no passes of their own for the softmax, the targets and the rows' weights. */
export const crossEntropyGradientOp: Composite<[logits: Tensor, targets: Tensor, upstream: Tensor], CrossEntropyAttrs> =
  {
    kind: "composite",
    name: "crossEntropyGradient",
    infer: ([logits, targets, upstream], attrs) => {
      lossType("crossEntropyGradient", logits, targets, attrs);
      expectFloat("crossEntropyGradient", upstream, "upstream");
      if (upstream.shape.length !== 0)
        throw new ShapeError(`crossEntropyGradient: upstream must be one number, got ${show(upstream.shape)}`, {
          upstream: upstream.shape,
        });
      return logits;
    },
    compose: ([logits, targets, upstream], { ignoreIndex, labelSmoothing, zLoss }) => {
      const { counts, index, total } = rowsOf(targets, ignoreIndex);
      const v = logits.shape[1]!;
      const weight = where(counts, div(cast(upstream, "f32"), total), 0); // [n, 1]
      // Each scope frees an array as large as the logits, which are often the largest of a model. A row that does not count becomes zeros
      // first: its weight of 0 would leave NaN where logits are.
      const excess = scoped(() => {
        const likely = scoped(() => {
          const wide = where(counts, cast(logits, "f32"), 0);
          if (zLoss === 0) return softmax(wide);
          return mul(softmax(wide), add(mul(logSumExp(wide, -1, { keepDims: true }), 2 * zLoss), 1));
        });
        return mul(labelSmoothing === 0 ? likely : sub(likely, labelSmoothing / v), weight);
      });
      const right = scatterAlong(index, mul(weight, 1 - labelSmoothing), v);
      return cast(sub(excess, right), logits.dtype);
    },
    flops: ([logits]) => 5 * sizeOf(logits.shape),
  };

/** How {@link crossEntropy} counts. */
export interface CrossEntropyOptions {
  /** Rows with this target count for nothing. Default −100. */
  readonly ignoreIndex?: number;
  /** The share ε of the target that is divided equally among all v classes, from 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
  /** The weight of log² Z, with Z = Σ e^logits: 1e-4 keeps large models' logits from drifting. Default 0. */
  readonly zLoss?: number;
}

/**
 * The mean of (1 − ε) · −log pₜ + ε / v · Σ −log p + ζ log² Z over the rows whose target t is not `ignoreIndex`, with Z = Σ e^logits, p =
 * e^logits / Z, ε = `labelSmoothing` and ζ = `zLoss`; 0 when there are no such rows. logits [n, v] in f32, f16 or bf16, targets i32 [n] →
 * [] in f32, in which all is computed.
 *
 * Throws `ShapeError` and `DTypeError` for other inputs and `ConfigError` when ε is not from 0 to 1 or ζ below 0. Targets are checked where they are
 * made: {@link ids} with `limit: v, ignore: −100` lets only these through.
 *
 * Gradient: upstream · ((1 + 2 ζ log Z) p − (1 − ε) · 1ₜ − ε / v) / rows that count, in the dtype of the logits; 0 in the rows that do not.
 *
 * Szegedy et al. 2015, "Rethinking the Inception architecture for computer vision" (label smoothing); Chowdhery et al. 2022, "PaLM: scaling
 * language modeling with pathways", section 5 (z-loss).
 *
 * @example
 * ```ts
 * const on = cpu();
 * const logits = tensor([0, 0, 0, 0], [2, 2], on);
 * const targets = tensor([1, -100], [2], on, "i32");
 * const [loss] = await crossEntropy(logits, targets).read();
 * console.log(loss!.toFixed(4), Math.log(2).toFixed(4)); // 0.6931 0.6931
 * ```
 */
export function crossEntropy(
  logits: Tensor,
  targets: Tensor,
  { ignoreIndex = -100, labelSmoothing = 0, zLoss = 0 }: CrossEntropyOptions = {},
): Tensor {
  return apply(crossEntropyOp, [logits, targets], { ignoreIndex, labelSmoothing, zLoss });
}
