import { sizeOf, type Shape } from "@tenon/tensor";

/** Where an operand's elements lie as the output is visited row by row. */
export interface Walk {
  /** Elements from one row to the next; 0 where rows repeat. */
  readonly row: number;
  /** 1 along a row, or 0 where one element serves for all of it. */
  readonly step: 0 | 1;
}

/** An output of `rows` rows of n elements, and how each operand follows it. */
export interface Rows {
  readonly rows: number;
  readonly n: number;
  readonly walks: readonly Walk[];
}

/** Elements of a row where an operand and the output are walked through as if they had one axis. */
const flatRow = 4096;

/**
 * Operands that broadcast to `out` as rows, or undefined where two steps do not describe one of them. Neighbouring axes that every
 * operand walks through alike count as one: a bias [d] under [b, t, d] has rows of d that repeat.
 */
export function rowsOf(out: Shape, shapes: readonly Shape[]): Rows | undefined {
  // Most operands are of one shape, or one number: no axis needs to be looked at.
  if (shapes.every((shape) => shape.length === 0 || isSame(shape, out)))
    return flatRows(
      sizeOf(out),
      shapes.map((shape) => (shape.length === 0 ? 0 : 1)),
    );
  const axes: { size: number; strides: number[] }[] = [];
  const strides = shapes.map((shape) => stridesUnder(shape, out));
  out.forEach((size, axis) => {
    if (size === 1) return;
    const here = strides.map((of) => of[axis]!);
    const last = axes.at(-1);
    if (last !== undefined && here.every((stride, i) => last.strides[i] === stride * size)) {
      last.size *= size;
      last.strides = here;
    } else axes.push({ size, strides: here });
  });
  if (axes.length > 2) return undefined;
  const inner = axes.at(-1) ?? { size: 1, strides: shapes.map(() => 0) };
  if (axes.length === 2) {
    const outer = axes[0]!;
    return {
      rows: outer.size,
      n: inner.size,
      walks: shapes.map((_, i) => ({ row: outer.strides[i]!, step: inner.strides[i] === 0 ? 0 : 1 })),
    };
  }
  return flatRows(sizeOf(out), inner.strides);
}

/** One axis, cut into rows of whole vectors, so that threads can divide it. The last one may be shorter. */
function flatRows(size: number, strides: readonly number[]): Rows {
  const n = Math.min(flatRow, Math.ceil(size / 4) * 4);
  return {
    rows: Math.ceil(size / n),
    n,
    walks: strides.map((stride) => (stride === 0 ? { row: 0, step: 0 } : { row: n, step: 1 })),
  };
}

const isSame = (a: Shape, b: Shape): boolean => a === b || (a.length === b.length && a.every((n, i) => n === b[i]));

/** The steps of an operand along each axis of the output: 0 where it is broadcast. */
function stridesUnder(shape: Shape, out: Shape): number[] {
  const strides = new Array<number>(out.length).fill(0);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1) strides[out.length - shape.length + i] = step;
    step *= shape[i]!;
  }
  return strides;
}
