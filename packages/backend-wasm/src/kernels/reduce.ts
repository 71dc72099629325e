import { sizeOf, type Call, type KernelTable, type TensorType } from "@tenon/tensor";
import { f32x4, i32, i32x4, type Local, shuffle32, v128, type Value } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Kernel } from "../kernel.ts";
import { loadAt, rowLength, sweep, turns } from "./sweep.ts";

type Vector = Value<"v128">;

/** What is folded: a start, and how two values become one. */
interface Fold {
  readonly start: Vector;
  readonly join: (a: Vector, b: Vector) => Vector;
}
const folds = {
  sum: { start: f32x4.of(0), join: f32x4.add },
  sumWhole: { start: i32x4.of(0), join: i32x4.add },
  max: { start: f32x4.of(-Infinity), join: f32x4.max },
  maxWhole: { start: i32x4.of(-0x80000000), join: i32x4.max },
} satisfies Record<string, Fold>;

/** Numbers that one running sum takes in before it is added to the total: long sums stay as exact as short ones. In bytes of a row. */
const stretch = 1 << 14;
/** The same where columns are summed, in rows. */
const stretchRows = 256;

type Rows = Kernel<{ readonly x: "i32"; readonly y: "i32"; readonly n: "i32" }>;
/** y [rows] of x [rows, n]. A unit is a row. */
const alongRows = (name: string, { start, join }: Fold): Rows =>
  kernel(`${name}Rows`, { x: "i32", y: "i32", n: "i32" }, (f, { x, y, n }, part) => {
    const length = rowLength(f, n);
    const [row, from, piece, whole, rest, none] = f.locals("i32", 6);
    const each: Local<"v128">[] = f.locals("v128", turns);
    const total = f.local("v128");
    const [a, b, c, d] = each as [Local<"v128">, Local<"v128">, Local<"v128">, Local<"v128">];
    f.for(row, part.from, part.to, 1, () => {
      from.set(i32.add(x, i32.mul(row, length.bytes)));
      total.set(start);
      f.for(piece, 0, length.bytes, stretch, () => {
        for (const v of each) v.set(start);
        const isLast = f.let(i32.ge(i32.add(piece, stretch), length.bytes));
        whole.set(f.select(isLast, i32.sub(length.whole, piece), i32.of(stretch)));
        rest.set(f.select(isLast, length.rest, none));
        const here = f.let(i32.add(from, piece));
        sweep(f, { ...length, whole, rest }, (place) =>
          each[place.turn]!.set(join(each[place.turn]!, loadAt(here, place, start))),
        );
        total.set(join(total, join(join(a, b), join(c, d))));
      });
      total.set(join(total, shuffle32(total, total, 2, 3, 0, 1)));
      total.set(join(total, shuffle32(total, total, 1, 0, 3, 2)));
      f.store("f32", i32.add(y, i32.shl(row, 2)), f32x4.lane(total, 0));
    });
  });

type Columns = Kernel<{
  readonly x: "i32";
  readonly y: "i32";
  readonly n: "i32";
  readonly inner: "i32";
  readonly blocks: "i32";
}>;
/** y [outer, inner] of x [outer, n, inner]. A unit is a block of sixteen columns. */
const alongColumns = (name: string, { start, join }: Fold): Columns =>
  kernel(
    `${name}Columns`,
    { x: "i32", y: "i32", n: "i32", inner: "i32", blocks: "i32" },
    (f, { x, y, n, inner, blocks }, part) => {
      const [unit, outer, column, at, first, last, i, bytes] = f.locals("i32", 8);
      const sums: Local<"v128">[] = f.locals("v128", 4);
      const totals: Local<"v128">[] = f.locals("v128", 4);
      const rowBytes = f.let(i32.shl(inner, 2));
      f.for(unit, part.from, part.to, 1, () => {
        outer.set(i32.div(unit, blocks));
        column.set(i32.shl(i32.sub(unit, i32.mul(outer, blocks)), 4));
        at.set(i32.add(x, i32.shl(i32.add(i32.mul(i32.mul(outer, n), inner), column), 2)));
        for (const t of totals) t.set(start);
        f.for(first, 0, n, stretchRows, () => {
          last.set(i32.add(first, stretchRows));
          last.set(f.select(i32.lt(last, n), last, n));
          for (const s of sums) s.set(start);
          // A block may reach beyond its row: those lanes are read and not used.
          f.for(i, first, last, 1, () => {
            sums.forEach((s, j) => s.set(join(s, v128.load(at, 16 * j))));
            at.set(i32.add(at, rowBytes));
          });
          totals.forEach((t, j) => t.set(join(t, sums[j]!)));
        });
        totals.forEach((t, j) => f.store("v128", part.scratch, t, 16 * j));
        bytes.set(i32.shl(i32.sub(inner, column), 2));
        f.copy(
          i32.add(y, i32.shl(i32.add(i32.mul(outer, inner), column), 2)),
          part.scratch,
          f.select(i32.lt(bytes, 64), bytes, i32.of(64)),
        );
      });
    },
  );

const names = Object.keys(folds) as readonly (keyof typeof folds)[];
const kernels = Object.fromEntries(
  names.map((name) => [name, { rows: alongRows(name, folds[name]), columns: alongColumns(name, folds[name]) }]),
) as unknown as Record<keyof typeof folds, { rows: Rows; columns: Columns }>;

export const reduceKernels: readonly Kernel[] = Object.values(kernels).flatMap(({ rows, columns }) => [rows, columns]);

/** Sums and largest values along an axis. */
export function reduceTable(engine: Engine): Pick<KernelTable<Block>, "sum" | "max"> {
  const run =
    (name: "sum" | "max") =>
    ([x]: readonly [Block], { axis }: { axis: number }, call: Call<Block>): Block => {
      const y = call.allocate(call.output);
      const { shape } = call.inputs[0] as TensorType;
      const [outer, n, inner] = [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
      const { rows, columns } = kernels[call.output.dtype === "i32" ? (`${name}Whole` as const) : name];
      const [from, to] = [engine.at(x), engine.at(y)];
      if (inner === 1) engine.run(rows, { x: from, y: to, n }, outer, Math.ceil(32_768 / Math.max(n, 1)));
      else if (inner > 0) {
        const blocks = Math.ceil(inner / 16);
        engine.run(columns, { x: from, y: to, n, inner, blocks }, outer * blocks, Math.ceil(2048 / Math.max(n, 1)));
      }
      return y;
    };
  return { sum: run("sum"), max: run("max") };
}
