import { f32, f32x4, Func, i32, type Local, v128, type Value } from "@tenon/wasm-assembler";

import { multiplyAdd, type Target } from "./vector-math.ts";

/** How many vectors of four numbers a turn of a loop visits: enough to hide its own cost, few enough for the instruction cache. */
const longest = 9;
/** Bytes of a vector. */
const vectorBytes = 16;

/**
 * Visits all vectors of rows of `stride` numbers: the largest divisor of their number that {@link longest} allows in a turn. `pointers` are
 * moved along; each visit gets its offset from them.
 */
export function sweep(
  f: Func,
  stride: number,
  pointers: readonly Local<"i32">[],
  visit: (offset: number) => void,
): void {
  const vectors = stride / 4;
  const fitting = Array.from({ length: longest }, (_, i) => longest - i).find((n) => vectors % n === 0)!;
  // A prime number of vectors would go one by one: then the last turn is shorter.
  const turn = fitting >= Math.min(4, vectors) ? fitting : Math.min(longest - 1, vectors);
  const whole = Math.floor(vectors / turn);
  const visitAll = (count: number): void => {
    for (let i = 0; i < count; i++) visit(i * vectorBytes);
  };
  const forward = (): void => {
    for (const pointer of pointers) pointer.set(i32.add(pointer, turn * vectorBytes));
  };
  if (whole === 1) visitAll(turn);
  else {
    const n = f.local("i32");
    f.for(n, 0, whole, 1, () => (visitAll(turn), forward()));
  }
  if (whole === 1 && vectors > turn) forward();
  visitAll(vectors - whole * turn);
}

/** The address of a row of a matrix: of number `row`, read from a list of them where that is given. */
export const rowAt = (matrix: number, stride: number, row: Value<"i32">): Value<"i32"> =>
  i32.add(i32.mul(row, stride * 4), matrix);

/** hidden = the mean of `count` rows whose numbers lie at `rows`: a function (rows, count, hidden). */
export function meanOfRows(target: Target, matrix: number, stride: number): Func {
  const f = new Func("meanOfRows", ["i32", "i32", "i32"]);
  const [rows, count, hidden] = [0, 1, 2].map((n) => f.parameter(n, "i32")) as Three;
  const share = f.let(f32x4.splat(f32.div(1, f32.ofUnsigned(count))));
  const [at, row, end] = f.locals("i32", 3);
  end.set(i32.add(rows, i32.shl(count, 2)));
  f.fill(hidden, 0, i32.of(stride * 4));
  f.for(at, rows, end, 4, () => {
    row.set(rowAt(matrix, stride, i32.load(at)));
    const to = f.let(hidden);
    sweep(f, stride, [row, to], (offset) =>
      f.store("v128", to, multiplyAdd(target, v128.load(row, offset), share, v128.load(to, offset)), offset),
    );
  });
  return f;
}
type Three = [Local<"i32">, Local<"i32">, Local<"i32">];

/** Adds a share of a vector to each of `count` rows whose numbers lie at `rows`: a function (rows, count, vector, share). */
export function addToRows(target: Target, matrix: number, stride: number): Func {
  const f = new Func("addToRows", ["i32", "i32", "i32", "f32"]);
  const [rows, count, vector] = [0, 1, 2].map((n) => f.parameter(n, "i32")) as Three;
  const share = f.let(f32x4.splat(f.parameter(3, "f32")));
  const [at, row, end] = f.locals("i32", 3);
  end.set(i32.add(rows, i32.shl(count, 2)));
  f.for(at, rows, end, 4, () => {
    row.set(rowAt(matrix, stride, i32.load(at)));
    const from = f.let(vector);
    sweep(f, stride, [row, from], (offset) =>
      f.store("v128", row, multiplyAdd(target, v128.load(from, offset), share, v128.load(row, offset)), offset),
    );
  });
  return f;
}

/** row += vector: a function (row, vector). */
export function addToRow(stride: number): Func {
  const f = new Func("addToRow", ["i32", "i32"]);
  const [row, from] = [0, 1].map((n) => f.let(f.parameter(n, "i32"))) as [Local<"i32">, Local<"i32">];
  sweep(f, stride, [row, from], (offset) =>
    f.store("v128", row, f32x4.add(v128.load(row, offset), v128.load(from, offset)), offset),
  );
  return f;
}
