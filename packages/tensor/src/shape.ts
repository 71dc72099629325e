import { bytesPerElement, type DType } from "./dtype.ts";
import { ShapeError } from "./errors.ts";

/** Sizes, outermost first. Tensors are dense and row-major; `[]` is a scalar. */
export type Shape = readonly number[];
/** All that is known of a tensor before anything is computed. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/**
 * How many elements a shape has: the product of its sizes.
 *
 * @example
 * ```ts
 * console.log(sizeOf([2, 3, 4]), sizeOf([]), sizeOf([2, 0])); // 24 1 0
 * ```
 */
export function sizeOf(shape: Shape): number {
  let n = 1;
  for (let i = 0; i < shape.length; i++) n *= shape[i]!;
  return n;
}
export const bytesOf = (type: TensorType): number => sizeOf(type.shape) * bytesPerElement(type.dtype);
export const show = (shape: Shape): string => `[${shape.join(", ")}]`;

/** Throws unless every size is a whole number from 0 up. */
export function checkShape(shape: Shape): void {
  for (let i = 0; i < shape.length; i++) {
    const n = shape[i]!;
    if (!Number.isSafeInteger(n) || n < 0)
      throw new ShapeError(`a shape has whole sizes from 0 up, got ${show(shape)}`, { shape });
  }
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** An axis counted from either end, as one counted from the front. */
export function axisOf(axis: number, rank: number, op: string): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const found =
      rank === 0 ? "a scalar, which has no axes" : `a tensor with ${rank} axes; expected ${-rank} to ${rank - 1}`;
    throw new ShapeError(`${op}: axis ${axis} of ${found}`, { op, axis, rank });
  }
  return axis < 0 ? axis + rank : axis;
}

/** The shape of an element-wise op: sizes match from the last axis on, or one of them is 1 or missing (NumPy's rule). */
export function broadcast(a: Shape, b: Shape, op: string): Shape {
  if (b.length === 0 || sameShape(a, b)) return a;
  if (a.length === 0) return b;
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(
        `${op}: shapes ${show(a)} and ${show(b)} do not broadcast: axis ${i - rank} is ${x} against ${y}`,
        { op, a, b },
      );
    }
    out[i] = x === 1 ? y : x;
  }
  return out;
}

/** `shape` with size `n` at `axis`. */
export const withSize = (shape: Shape, axis: number, n: number): number[] =>
  shape.map((size, i) => (i === axis ? n : size));
