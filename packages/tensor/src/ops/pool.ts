import { tensor } from "../create.ts";
import { ConfigError, ShapeError } from "../errors.ts";
import { scoped } from "../scope.ts";
import { show, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { div } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { both, less, lessOrEqual } from "./compare.ts";
import { max } from "./max.ts";
import { expectFloat } from "./operand.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { iota } from "./source.ts";
import { where } from "./where.ts";
import { widened } from "./widened.ts";
import { checkWhole, padEnds, windowCount, windows, type HeightWidth, type Window } from "./windows.ts";

/** How a pooling walks; each number for all axes, or one for each. */
export interface PoolOptions<Each> {
  /** How many cells apart the windows are. Default their size: each cell lies in one. */
  readonly stride?: number | Each;
  /** Cells beyond both ends, which no result counts; fewer than the size. Default 0. */
  readonly padding?: number | Each;
}

/** The windows over the last axes of a padded x, and the padding; undefined where there is none. */
interface Pooled {
  readonly x: Tensor;
  readonly list: readonly Window[];
  readonly padding: readonly number[] | undefined;
}

function pooled(
  op: string,
  axes: readonly string[],
  x: Tensor,
  size: number | readonly number[],
  { stride = size, padding = 0 }: PoolOptions<readonly number[]>,
): Pooled {
  const listOf = (value: number | readonly number[]): readonly number[] =>
    typeof value === "number" ? axes.map(() => value) : value;
  const [sizes, strides, paddings] = [listOf(size), listOf(stride), listOf(padding)];
  expectFloat(op, x.type, "x");
  checkWhole(op, "size", sizes, axes.length, 1);
  checkWhole(op, "stride", strides, axes.length, 1);
  checkWhole(op, "padding", paddings, axes.length, 0);
  if (x.rank !== axes.length + 2)
    throw new ShapeError(`${op}: x must be [b, c, ${axes.join(", ")}], got ${show(x.shape)}; reshape() it`, {
      op,
      x: x.shape,
    });
  const list = sizes.map((each, i) => ({ size: each, stride: strides[i]!, dilation: 1 }));
  list.forEach((window, i) => {
    if (paddings[i]! >= window.size)
      throw new ConfigError(
        `${op}: padding ${show(paddings)} must be below the size ${show(sizes)}: a window beyond the edge would see nothing`,
        { op, padding: paddings, size: sizes },
      );
    const n = x.shape[i + 2]!;
    if (n === 0) throw new ShapeError(`${op}: x ${show(x.shape)} has nothing to pool along ${axes[i]}`, { x: x.shape });
    windowCount(op, axes[i]!, n, paddings[i]!, window);
  });
  return { x, list, padding: paddings.some((n) => n > 0) ? paddings : undefined };
}

/** Which cells of the padded axes of x are its own: bool, of these axes alone. */
function within(x: Tensor, padding: readonly number[]): Tensor {
  return padding
    .map((margin, i) => {
      const n = x.shape[x.rank - padding.length + i]!;
      const place = iota(n + 2 * margin, -margin, x.backend);
      const own = both(lessOrEqual(0, place), less(place, n));
      return reshape(own, [n + 2 * margin, ...padding.slice(i + 1).map(() => 1)]);
    })
    .reduce((a, b) => both(a, b));
}

function maxPool({ x, list, padding }: Pooled): Tensor {
  return scoped(() => {
    const seen = scoped(() => {
      if (padding === undefined) return windows(x, 0, list);
      const never = tensor([-Infinity], [], x.backend, x.dtype);
      return windows(where(within(x, padding), padEnds(x, padding), never), 0, list);
    });
    const rest = seen.shape.slice(list.length);
    return max(reshape(seen, [sizeOf(list.map(({ size }) => size)), ...rest]), 0); // one axis, so that all ties share alike
  });
}

function averagePool({ x, list, padding }: Pooled): Tensor {
  const axes = list.map((_, i) => i);
  const total = (y: Tensor): Tensor => scoped(() => sum(windows(y, 0, list), axes));
  const mean = (y: Tensor): Tensor => {
    if (padding === undefined) return div(total(y), sizeOf(list.map(({ size }) => size)));
    const sums = scoped(() => total(padEnds(y, padding)));
    return div(
      sums,
      scoped(() => total(cast(within(y, padding), y.dtype))),
    );
  };
  return scoped(() => widened(x, mean));
}

/**
 * The largest of each window: over p < size and q < size,
 * y[b, c, i, j] = max x[b, c, i · stride + p − padding, j · stride + q − padding].
 * x [b, c, h, w] → [b, c, rows, columns], where rows = ⌊(h + 2 · padding − size) / stride⌋ + 1, and columns likewise.
 * Padding is −∞, so that it never wins; NaN does. f32, f16 or bf16. Throws `ShapeError` where a window does not fit,
 * `DTypeError`, and `ConfigError` for an option that cannot be honoured.
 *
 * Gradient: to the largest cell of each window; equal ones share it alike.
 *
 * Yamaguchi et al. 1990, "A neural network for speaker-independent isolated word recognition".
 *
 * @example
 * ```ts
 * const x = tensor([1, 5, 2, 0, 3, 4, 8, 6], [1, 1, 2, 4], cpu());
 * console.log(await maxPool2d(x, 2).read()); // Float32Array(2) [ 5, 8 ]
 * ```
 */
export function maxPool2d(x: Tensor, size: number | HeightWidth, options: PoolOptions<HeightWidth> = {}): Tensor {
  return maxPool(pooled("maxPool2d", ["h", "w"], x, size, options));
}

/**
 * The largest of each window along time, as {@link maxPool2d}: x [b, c, t] → [b, c, ⌊(t + 2 · padding − size) / stride⌋ + 1].
 *
 * Gradient: to the largest cell of each window; equal ones share it alike.
 *
 * @example
 * ```ts
 * const x = tensor([1, 5, 2, 0, 3], [1, 1, 5], cpu());
 * console.log(await maxPool1d(x, 3, { stride: 1 }).read()); // Float32Array(3) [ 5, 5, 3 ]
 * ```
 */
export function maxPool1d(x: Tensor, size: number, options: PoolOptions<readonly [t: number]> = {}): Tensor {
  return maxPool(pooled("maxPool1d", ["t"], x, size, options));
}

/**
 * The mean of each window's cells that lie within x: padding is no cell, neither in the sum nor in the count (PyTorch's
 * `count_include_pad=False`). x [b, c, h, w] → [b, c, rows, columns], where rows = ⌊(h + 2 · padding − size) / stride⌋ + 1, and
 * columns likewise. f32, f16 or bf16. Throws `ShapeError` where a window does not fit, `DTypeError`, and `ConfigError` for an
 * option that cannot be honoured.
 *
 * Gradient: 1 / count to each cell of each window.
 *
 * LeCun et al. 1998, "Gradient-based learning applied to document recognition".
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 4], [1, 1, 2, 2], cpu());
 * console.log(await averagePool2d(x, 2).read()); // Float32Array(1) [ 2.5 ]
 * console.log(await averagePool2d(x, 2, { padding: 1 }).read()); // Float32Array(4) [ 1, 2, 3, 4 ]
 * ```
 */
export function averagePool2d(x: Tensor, size: number | HeightWidth, options: PoolOptions<HeightWidth> = {}): Tensor {
  return averagePool(pooled("averagePool2d", ["h", "w"], x, size, options));
}

/**
 * The mean of each window along time, as {@link averagePool2d}: x [b, c, t] → [b, c, ⌊(t + 2 · padding − size) / stride⌋ + 1].
 *
 * Gradient: 1 / count to each cell of each window.
 *
 * @example
 * ```ts
 * const x = tensor([1, 3, 5, 7], [1, 1, 4], cpu());
 * console.log(await averagePool1d(x, 2).read()); // Float32Array(2) [ 2, 6 ]
 * ```
 */
export function averagePool1d(x: Tensor, size: number, options: PoolOptions<readonly [t: number]> = {}): Tensor {
  return averagePool(pooled("averagePool1d", ["t"], x, size, options));
}
