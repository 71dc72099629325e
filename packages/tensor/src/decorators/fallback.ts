import type { Backend } from "../backend.ts";
import type { TypedArray } from "../dtype.ts";
import { BackendError } from "../errors.ts";
import type { Attrs, Inputs, Op } from "../op.ts";
import { bytesOf, type TensorType } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { Autodiff } from "./autodiff.ts";
import { composed, Decorator, isComposed, layersOf, typesOf } from "./decorator.ts";
import { DryRun } from "./dry-run.ts";
import { Recorder } from "./record.ts";
import { grouped, scaled, textTable } from "./text-table.ts";

/** All calls of one op that ran on the other backend. */
export interface MovedRow {
  readonly op: string;
  readonly calls: number;
  /** Copied there and back. */
  readonly bytes: number;
}
type Counts = { -readonly [K in keyof MovedRow]: MovedRow[K] };

/** What went wrong on the way; backends pass it on as the cause of errors of their own, and a read throws what was first. */
const failures = new WeakSet<object>();

/** A backend that runs on another what the one it wraps has no kernel for. Made by {@link fallback}. */
export class Fallback extends Decorator<undefined> {
  /** Where ops move to. */
  readonly other: Backend;
  #moved = new Map<string, Counts>();

  constructor(inner: Backend, other: Backend) {
    const name = `fallback(${inner.name}, ${other.name})`;
    refuse(name, inner, other);
    super(inner, "fallback", name);
    this.other = other;
  }
  protected override entered(): undefined {}

  override supports(op: Op, attrs: Attrs, inputs: readonly (TensorType | number | undefined)[]): boolean {
    return this.inner.supports(op, attrs, inputs) || (!isComposed(op) && this.other.supports(op, attrs, inputs));
  }
  override execute(
    op: Op,
    inputs: Inputs,
    attrs: Attrs,
    types: TensorType | readonly TensorType[],
  ): Tensor | readonly Tensor[] {
    if (op.kind !== "view") {
      const seen = typesOf(inputs);
      if (!this.inner.supports(op, attrs, seen)) {
        if (isComposed(op)) return composed(op, inputs, attrs); // its smaller ops come back here
        if (this.other.supports(op, attrs, seen)) return this.#move(op, inputs, attrs, types);
        throw new BackendError(
          `neither ${this.inner.name} nor ${this.other.name} has a kernel for ${op.name}, and ${op.name} is not composed of smaller ops`,
          { op: op.name, backends: [this.inner.name, this.other.name] },
        );
      }
    }
    return this.wrapAll(this.inner.execute(op, this.unwrap(inputs), attrs, types), undefined);
  }

  /** Both backends keep program order behind a promised upload, so nothing waits here, and everything runs in the order of the program. */
  #move(op: Op, inputs: Inputs, attrs: Attrs, types: TensorType | readonly TensorType[]): Tensor | readonly Tensor[] {
    let row = this.#moved.get(op.name);
    if (row === undefined) this.#moved.set(op.name, (row = { op: op.name, calls: 0, bytes: 0 }));
    row.calls++;
    const there: Tensor[] = [];
    const back = ({ type }: Tensor, values: Promise<TypedArray>): Tensor => {
      row.bytes += bytesOf(type);
      return this.wrap(this.inner.upload(noted(values), type), undefined);
    };
    try {
      const copies = this.unwrap(inputs).map((input) => {
        if (!(input instanceof Tensor)) return input;
        row.bytes += bytesOf(input.type);
        const copy = this.other.upload(noted(this.inner.read(input)), input.type);
        there.push(copy);
        return copy;
      });
      const result = this.other.execute(op, copies, attrs, types);
      const single = result instanceof Tensor;
      there.push(...(single ? [result] : result));
      if (single) return back(result, this.#valuesOf(result, op));
      return result.map((tensor) => back(tensor, this.#valuesOf(tensor, op)));
    } finally {
      for (const tensor of there) tensor[Symbol.dispose](); // reads under way keep what they need
    }
  }
  async #valuesOf(tensor: Tensor, op: Op): Promise<TypedArray> {
    try {
      return await this.other.read(tensor);
    } catch (cause) {
      throw new BackendError(
        `${op.name} was moved from ${this.inner.name} to ${this.other.name}, where ${(cause as Error).message}`,
        { op: op.name, backend: this.other.name },
        { cause },
      );
    }
  }
  override async read(tensor: Tensor): Promise<TypedArray> {
    try {
      return await super.read(tensor);
    } catch (error) {
      let first = error;
      for (let at = error; at instanceof Error; at = at.cause) if (failures.has(at)) first = at;
      throw first;
    }
  }

  /** What ran on the other backend so far, the most bytes first. */
  moved(): MovedRow[] {
    return [...this.#moved.values()]
      .map((row) => ({ ...row }))
      .sort((a, b) => b.bytes - a.bytes || b.calls - a.calls || (a.op < b.op ? -1 : 1));
  }
  /** The same as text. */
  table(): string {
    const rows = this.moved();
    if (rows.length === 0) return `nothing moved: ${this.inner.name} has a kernel for all that ran`;
    const total = (count: (row: MovedRow) => number): number => rows.reduce((sum, row) => sum + count(row), 0);
    const table = textTable<MovedRow>(
      [
        { head: "op", text: ({ op }) => op },
        { head: "calls", number: true, text: ({ calls }) => grouped(calls) },
        { head: "bytes there and back", number: true, text: ({ bytes }) => scaled(bytes, "B") },
      ],
      rows,
      { op: "total", calls: total(({ calls }) => calls), bytes: total(({ bytes }) => bytes) },
    );
    return `moved from ${this.inner.name} to ${this.other.name}:\n${table}`;
  }
}

/** Handled at once: the upload that awaits it may be far back in its queue, and nobody else would be listening. */
function noted(values: Promise<TypedArray>): Promise<TypedArray> {
  values.catch((error: object) => failures.add(error));
  return values;
}

/** All backends that values may reach from here. */
const reached = (backend: Backend): Backend[] =>
  layersOf(backend).flatMap((layer) => (layer instanceof Fallback ? [layer, ...reached(layer.other)] : [layer]));

function refuse(name: string, inner: Backend, other: Backend): void {
  const fail = (why: string): never => {
    throw new BackendError(`${name}: ${why}`, { backends: [inner.name, other.name] });
  };
  if (inner === other) fail("both are the same backend, so what has no kernel there has none here");
  const layers = reached(inner);
  const others = reached(other);
  const same = others.find((layer) => layers.includes(layer));
  if (same !== undefined)
    fail(`both run on the same "${same.name}", so what has no kernel there would move to where it has none`);
  const all = [...layers, ...others];
  if (all.some((layer) => layer instanceof DryRun))
    fail(
      "a dry run has no values that could move; dryRun({ like: fallback(…) }) tells what the two together would take",
    );
  if (all.some((layer) => layer instanceof Autodiff))
    fail("what moves would leave the tape, and its gradient be lost; write autodiff(fallback(…)) instead");
  if (all.some((layer) => layer instanceof Recorder))
    fail("what moves would enter the graph as a constant, not as an op; write record(fallback(…)) instead");
}

/**
 * Runs on `other` what `inner` has no kernel for. A composite is composed on `inner` first, so that only a primitive, or an update, moves, and
 * only for the calls that are declined: its inputs are copied there and its results back, each time, in program order. Nothing is silent:
 * `moved()` counts it, and `table()` prints it. An error of a moved op surfaces at the read of what depends on it, naming the op and `other`.
 *
 * Throws `BackendError` where it would do harm: two backends that meet in one, a dry run, and a tape or a recorder inside.
 *
 * @example
 * ```ts
 * const twiceOp: Primitive<[x: Tensor], None> = { kind: "primitive", name: "vendor/twice", infer: ([x]) => x };
 * const kernel = kernelFor<TypedArray, typeof twiceOp>(twiceOp, ([x]) => x.map((value) => 2 * value));
 * const on = fallback(cpu(), cpu({ extra: [kernel] }));
 * const x = tensor([1, 2, 3], [3], on);
 * const y = add(apply(twiceOp, [x], none), 1); // vendor/twice moves, add does not
 * console.log(await y.read(), on.moved()); // Float32Array(3) [ 3, 5, 7 ] [ { op: 'vendor/twice', calls: 1, bytes: 24 } ]
 * ```
 */
export const fallback = (inner: Backend, other: Backend): Fallback => new Fallback(inner, other);
