import { ConfigError, ShapeError } from "../errors.ts";
import { scoped } from "../scope.ts";
import { show, withSize } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { concat } from "./concat.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { pad, slice } from "./slice.ts";

/** A number for each axis of a picture. */
export type HeightWidth = readonly [h: number, w: number];
/** A window that slides along one axis: `size` cells, `dilation` apart, every `stride` cells. */
export interface Window {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
}

const spanOf = ({ size, dilation }: Window): number => dilation * (size - 1) + 1;
const countOf = (n: number, window: Window): number => Math.floor((n - spanOf(window)) / window.stride) + 1;

/**
 * How many windows fit on n cells with `padding` more at both ends: ⌊(n + 2 · padding − dilation · (size − 1) − 1) / stride⌋ + 1.
 * Throws `ShapeError` when not even one does.
 */
export function windowCount(op: string, axis: string, n: number, padding: number, window: Window): number {
  const span = spanOf(window);
  if (span > n + 2 * padding) {
    throw new ShapeError(
      `${op}: along ${axis} a window of ${window.size} cells spans ${span}, and x has ${n}${padding > 0 ? ` and ${padding} of padding at both ends` : ""}; pad x, or take a smaller window`,
      { op, axis, n, padding, ...window },
    );
  }
  return countOf(n + 2 * padding, window);
}

/** Throws unless an option is one whole number for each axis, none of them below `from`. */
export function checkWhole(op: string, option: string, values: readonly number[], axes: number, from: number): void {
  if (values.length === axes && values.every((value) => Number.isInteger(value) && value >= from)) return;
  const expected = axes === 1 ? "a whole number" : `a whole number, or ${axes} of them,`;
  throw new ConfigError(
    `${op}: ${option} must be ${expected} from ${from} up, got ${axes === 1 && values.length === 1 ? values[0] : show(values)}`,
    { op, option, values },
  );
}

/** Zeros at both ends of the last axes. */
export function padEnds(x: Tensor, paddings: readonly number[]): Tensor {
  return paddings.reduce((y, n, i) => (n === 0 ? y : pad(y, i - paddings.length, n, n)), x);
}

/**
 * What the windows see, for windows over the last axes of x: each of these axes becomes as long as there are windows, and the
 * cells of a window lie along new axes from `to` on. x [c, h, w], `to` 1 → [c, kh, kw, rows, columns]. Each cell is copied once
 * for each window that sees it; the copies made on the way are freed.
 */
export function windows(x: Tensor, to: number, [first, ...rest]: readonly Window[]): Tensor {
  return scoped(() => {
    const inner = rest.length === 0 ? x : windows(x, to, rest);
    return along(inner, inner.rank - 1 - rest.length, to, first!);
  });
}

function along(x: Tensor, axis: number, to: number, window: Window): Tensor {
  const { size, stride, dilation } = window;
  const count = countOf(x.shape[axis]!, window);
  const counted = withSize(x.shape, axis, count);
  const stacked = [...counted.slice(0, to), size, ...counted.slice(to)];
  if (size === stride && dilation === 1) {
    // No cell lies in two windows: cut the axis, and move the inner part.
    const used = count * size === x.shape[axis] ? x : slice(x, axis, 0, count * size);
    if (size === 1) return reshape(used, stacked);
    return moveAxis(reshape(used, [...counted.slice(0, axis + 1), size, ...counted.slice(axis + 1)]), axis + 1, to);
  }
  const starts = Array.from({ length: size }, (_, i) => i * dilation);
  const phases = scoped(() => phasesOf(x, axis, stride, starts));
  const taps = starts.map((start) => slice(phases[start % stride]!, axis, Math.floor(start / stride), count));
  const tap = stacked.with(to, 1);
  return size === 1
    ? reshape(taps[0]!, tap)
    : concat(
        taps.map((each) => reshape(each, tap)),
        to,
      );
}

/**
 * x in `stride` interleaved parts, by where they begin: part r holds cells r, r + stride, …; only the parts that the starts
 * need.
 */
function phasesOf(x: Tensor, axis: number, stride: number, starts: readonly number[]): (Tensor | undefined)[] {
  if (stride === 1) return [x];
  const n = x.shape[axis]!;
  const length = Math.ceil(n / stride);
  const parts = withSize(x.shape, axis, length);
  // The zeros that make the parts equally long lie behind the last window.
  const whole = length * stride === n ? x : pad(x, axis, 0, length * stride - n);
  const split = moveAxis(reshape(whole, [...parts.slice(0, axis + 1), stride, ...parts.slice(axis + 1)]), axis + 1, 0);
  return Array.from({ length: stride }, (_, r) =>
    starts.some((start) => start % stride === r) ? reshape(slice(split, 0, r, 1), parts) : undefined,
  );
}

function moveAxis(x: Tensor, from: number, to: number): Tensor {
  const order = [...x.shape.keys()].filter((axis) => axis !== from);
  return permute(x, [...order.slice(0, to), from, ...order.slice(to)]);
}
