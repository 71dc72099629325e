import { scoped } from "../scope.ts";
import { sizeOf, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { labelled, type Labelled } from "./einsum-equation.ts";
import { matmul } from "./matmul.ts";
import { expectDType, expectFloat } from "./operand.ts";
import { permute } from "./permute.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { pad, slice } from "./slice.ts";

type Labels = readonly string[];
/** A tensor with a label for each axis. */
interface Term {
  readonly tensor: Tensor;
  readonly labels: Labels;
}
type Sizes = Labelled["sizes"];

const sameLabels = (a: Labels, b: Labels): boolean => a.length === b.length && a.every((label, i) => label === b[i]);
const shapeFor = (labels: Labels, sizes: Sizes): Shape => labels.map((label) => sizes.get(label)!);

/** The term's tensor with its axes in another order. */
function arranged({ tensor, labels }: Term, order: Labels): Tensor {
  if (sameLabels(labels, order)) return tensor;
  return permute(
    tensor,
    order.map((label) => labels.indexOf(label)),
  );
}

/** Without the axes of size 1 that others broadcast: a label that is not there is broadcast anyway. */
function squeezed({ tensor, labels }: Term, sizes: Sizes): Term {
  const left = labels.filter((label, axis) => tensor.shape[axis] === sizes.get(label));
  return left.length === labels.length
    ? { tensor, labels }
    : { tensor: reshape(tensor, shapeFor(left, sizes)), labels: left };
}

/** Where a label stands twice, the cells where both axes agree: with one row of zeros more, every (n + 1)-th cell of n · n. */
function diagonal({ tensor, labels }: Term, sizes: Sizes): Term {
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice === undefined) return { tensor, labels };
  const [a, b] = [labels.indexOf(twice), labels.indexOf(twice, labels.indexOf(twice) + 1)];
  const others = [...labels.keys()].filter((axis) => axis !== a && axis !== b);
  const left = others.map((axis) => labels[axis]!);
  const rest = shapeFor(left, sizes);
  const n = sizes.get(twice)!;
  const front = reshape(permute(tensor, [a, b, ...others]), [n * n, ...rest]);
  const cells = slice(reshape(pad(front, 0, 0, n), [n, n + 1, ...rest]), 1, 0, 1);
  return diagonal({ tensor: reshape(cells, [n, ...rest]), labels: [twice, ...left] }, sizes);
}

/** Summed over the labels that nobody else needs. */
function summed({ tensor, labels }: Term, needed: ReadonlySet<string>): Term {
  const axes = [...labels.keys()].filter((axis) => !needed.has(labels[axis]!));
  return axes.length === 0
    ? { tensor, labels }
    : { tensor: sum(tensor, axes), labels: labels.filter((label) => needed.has(label)) };
}

/** A term as matrices [batch, rows, columns], or transposed where its axes already lie so. */
function matrices(
  term: Term,
  [batch, rows, columns]: readonly [Labels, Labels, Labels],
  sizes: Sizes,
): { tensor: Tensor; transposed: boolean } {
  const transposed = rows.length > 0 && columns.length > 0 && sameLabels(term.labels, [...batch, ...columns, ...rows]);
  const order = transposed ? [batch, columns, rows] : [batch, rows, columns];
  const shape = order.map((labels) => sizeOf(shapeFor(labels, sizes)));
  return { tensor: reshape(arranged(term, order.flat()), shape), transposed };
}

/** The product of two terms, summed over the labels that both have and nobody needs afterwards. */
function multiplied(a: Term, b: Term, needed: ReadonlySet<string>, sizes: Sizes): Term {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => needed.has(label));
  const inner = shared.filter((label) => !needed.has(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const left = matrices(a, [batch, rows, inner], sizes);
  const right = matrices(b, [batch, inner, columns], sizes);
  const product =
    inner.length === 0
      ? mul(left.tensor, right.tensor) // [batch, rows, 1] and [batch, 1, columns]
      : matmul(left.tensor, right.tensor, { transposeA: left.transposed, transposeB: right.transposed });
  const labels = [...batch, ...rows, ...columns];
  return { tensor: reshape(product, shapeFor(labels, sizes)), labels };
}

/**
 * Sums of products in Einstein's notation, as NumPy and PyTorch write it: each operand's axes get letters; operands are
 * multiplied where their letters agree, and summed over the letters that the output leaves out. y[output letters] = Σ over the
 * other letters of Π operands.
 *
 * - "ij,jk->ik": the shapes [i, j] and [j, k] give [i, k]. Any number of operands from 1 up; spaces do not count.
 * - "ij,jk" without "->": the output has the letters that appear once, in alphabetic order, capitals first.
 * - "ii->i": a letter twice in one operand is its diagonal. "ij->": an output without letters is a scalar.
 * - "...ij,...jk->...ik": "..." is any number of axes, which broadcast from the last on. The output has it when an operand has it.
 *   Elsewhere a letter has one size: a 1 does not stand for any other (as it does in PyTorch), because it is more often a mistake.
 *
 * What only one operand has is summed first; then operands are multiplied pair by pair, from left to right, each pair as one
 * batched matrix product. f32, f16 or bf16, the same for all; 16-bit floats are
 * rounded after each step. Throws `ConfigError` for what is no equation, `ShapeError` where a
 * shape does not fit it, naming the letter and its sizes, and `DTypeError`.
 *
 * Gradient: to every operand, through the products and sums it is made of.
 *
 * Einstein 1916, "Die Grundlage der allgemeinen Relativitätstheorie", § 5.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const a = tensor([1, 2, 3, 4], [2, 2], on);
 * const b = tensor([1, 0, 2, 1], [2, 2], on);
 * console.log(await einsum("ij,jk->ik", a, b).read()); // Float32Array(4) [ 5, 2, 11, 4 ]
 * console.log(await einsum("ii", a).read()); // Float32Array(1) [ 5 ]
 * console.log(einsum("...ij,...kj->...ik", zeros([3, 1, 4, 5], on), zeros([2, 6, 5], on)).shape); // [ 3, 2, 4, 6 ]
 * ```
 */
export function einsum(equation: string, ...tensors: readonly Tensor[]): Tensor {
  const shapes = tensors.map(({ shape }) => shape);
  const { operands, output, sizes } = labelled(equation, shapes);
  const dtype = expectFloat("einsum", tensors[0]!.type, "operand 0");
  tensors.forEach(({ type }, i) => expectDType("einsum", type, dtype, `operand ${i}`));

  const alone = (i: number): Term => {
    const others = new Set([...output, ...operands.filter((_, other) => other !== i).flat()]);
    const whole = squeezed({ tensor: tensors[i]!, labels: operands[i]! }, sizes);
    return summed(diagonal(whole, sizes), others);
  };
  /** The product of operands 0 … last. Each step frees what the one before it made. */
  const product = (last: number): Term =>
    scoped(() => {
      if (last === 0) return alone(0);
      const needed = new Set([...output, ...operands.slice(last + 1).flat()]);
      return multiplied(product(last - 1), alone(last), needed, sizes);
    });
  return scoped(() => {
    const { tensor, labels } = product(operands.length - 1);
    const y = arranged({ tensor, labels }, output);
    return y === tensors[0] ? reshape(y, y.shape) : y; // an op never returns its argument
  });
}
