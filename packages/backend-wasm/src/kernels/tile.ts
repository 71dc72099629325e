import { f32x4, i32, type Local, v128 } from "@tenon/wasm-assembler";

import { KernelFunc, type Target } from "../kernel.ts";

/** Columns of a panel: two vectors. */
export const panelColumns: number = 8;
/** Bytes of one row of a panel. */
export const panelRow: number = 32;

/** What the tiles of one panel have in common. */
export interface TilePlace {
  /** Rows of a that are left. */
  readonly left: Local<"i32">;
  /** Address of the first of them, and bytes to the next. */
  readonly a: Local<"i32">;
  readonly aRow: Local<"i32">;
  /** The panel, and where it ends; it is not empty. */
  readonly panel: Local<"i32">;
  readonly panelEnd: Local<"i32">;
  /** Address of the results for the first row, and bytes to the next. */
  readonly c: Local<"i32">;
  readonly cRow: Local<"i32">;
  /** Not 0: what lies at c is added to. */
  readonly adds: Local<"i32">;
  /** Address of eight numbers to add to each row; 0 for none. */
  readonly bias: Local<"i32">;
}

/**
 * c [count · height, 8] = a [count · height, k] · panel [k, 8]. A tile of height × 8 sums stays in registers; in each step two vectors of
 * the panel meet one element of each row. A function of its own, so that a compiler finds registers for nothing else; k is not unrolled,
 * for with more in a turn some engine spills.
 */
function tile(target: Target, height: number): KernelFunc {
  const f = new KernelFunc(`tile${height}`, target, new Array<"i32">(9).fill("i32"));
  const [a, aRow, panel, panelEnd, c, cRow, adds, bias, count] = Array.from({ length: 9 }, (_, n) =>
    f.parameter(n, "i32"),
  ) as [Int, Int, Int, Int, Int, Int, Int, Int, Int];
  const sums = Array.from({ length: height }, () => f.locals("v128", 2));
  const rows: Int[] = f.locals("i32", height);
  const [b0, b1, each] = f.locals("v128", 3);
  const [at, to] = f.locals("i32", 2);
  /** Calls with each row's sums, and `to` at its results. */
  const eachRow = (visit: (s0: Local<"v128">, s1: Local<"v128">) => void): void => {
    to.set(c);
    sums.forEach(([s0, s1], r) => {
      if (r > 0) to.set(i32.add(to, cRow));
      visit(s0, s1);
    });
  };
  f.doWhile(
    () => {
      for (let r = 0; r < height; r++) rows[r]!.set(r === 0 ? a : i32.add(rows[r - 1]!, aRow));
      f.if(
        adds,
        () => eachRow((s0, s1) => (s0.set(v128.load(to)), s1.set(v128.load(to, 16)))),
        () => sums.flat().forEach((s) => s.set(f32x4.of(0))),
      );
      at.set(panel);
      const step = (turn: number): void => {
        b0.set(v128.load(at, panelRow * turn));
        b1.set(v128.load(at, panelRow * turn + 16));
        sums.forEach(([s0, s1], r) => {
          each.set(v128.splat32(rows[r]!, 4 * turn));
          s0.set(f.madd(each, b0, s0));
          s1.set(f.madd(each, b1, s1));
        });
      };
      const steps = (count: number): void => {
        for (let turn = 0; turn < count; turn++) step(turn);
        for (const row of rows) row.set(i32.add(row, 4 * count));
        at.set(i32.add(at, panelRow * count));
      };
      if (target.wide) {
        // Here counting up takes as long as multiplying, so it is done once for four steps.
        const whole = f.let(i32.sub(panelEnd, 3 * panelRow));
        f.while(
          () => i32.lt(at, whole),
          () => steps(4),
        );
        f.while(
          () => i32.lt(at, panelEnd),
          () => steps(1),
        );
      } else {
        f.doWhile(
          () => steps(1),
          () => i32.lt(at, panelEnd),
        );
      }
      f.if(bias, () => {
        b0.set(v128.load(bias));
        b1.set(v128.load(bias, 16));
        for (const [s0, s1] of sums) {
          s0.set(f32x4.add(s0, b0));
          s1.set(f32x4.add(s1, b1));
        }
      });
      eachRow((s0, s1) => {
        f.store("v128", to, s0);
        f.store("v128", to, s1, 16);
      });
      a.set(i32.add(a, i32.mul(aRow, height)));
      c.set(i32.add(c, i32.mul(cRow, height)));
      count.set(i32.sub(count, 1));
    },
    () => count,
  );
  return f;
}
type Int = Local<"i32">;

/** Rows of the largest tile whose sums stay in registers: fewer where a product and a sum are two instructions. */
export const tileRows = ({ relaxed, wide }: Target): number => (wide ? 10 : relaxed ? 6 : 5);

const tiles = new WeakMap<Target, readonly KernelFunc[]>();
function tilesFor(target: Target): readonly KernelFunc[] {
  let found = tiles.get(target);
  if (found === undefined) {
    found = Array.from({ length: tileRows(target) }, (_, i) => tile(target, i + 1));
    tiles.set(target, found);
  }
  return found;
}

/** Multiplies all rows of a with one panel. Changes `left`, `a` and `c`. */
export function writeTiles(f: KernelFunc, place: TilePlace): void {
  const { left, a, aRow, panel, panelEnd, c, cRow, adds, bias } = place;
  const functions = tilesFor(f.target);
  divideRows(f, left, tileRows(f.target), (height, count) => {
    f.call(functions[height - 1]!, a, aRow, panel, panelEnd, c, cRow, adds, bias, count);
    const done = f.let(i32.mul(count, height));
    a.set(i32.add(a, i32.mul(aRow, done)));
    c.set(i32.add(c, i32.mul(cRow, done)));
  });
}

/**
 * Divides `left` rows among tiles of up to `most` rows: `run` does `count` tiles of one height, one after the other. The last few rows are
 * divided evenly, for one or two alone would be slow. Leaves `left` at 0.
 */
export function divideRows(
  f: KernelFunc,
  left: Int,
  most: number,
  run: (height: number, count: Local<"i32">) => void,
): void {
  const count = f.local("i32");
  const take = (height: number): void => {
    run(height, count);
    left.set(i32.sub(left, i32.mul(count, height)));
  };
  const once = (height: number): void =>
    f.if(i32.eq(left, height), () => {
      count.set(i32.of(1));
      take(height);
    });
  f.if(i32.ge(left, most), () => {
    count.set(i32.div(left, most));
    const rest = f.let(i32.sub(left, i32.mul(count, most)));
    // One or two rows that would be left over share a tile's rows with it, in two halves.
    f.if(i32.and(i32.eq(i32.div(i32.sub(rest, 1), 2), 0), i32.gt(count, 0)), () => count.set(i32.sub(count, 1)));
    f.if(count, () => take(most));
    f.if(i32.gt(left, most), () => {
      const half = i32.shr(i32.add(left, 1), 1);
      for (const height of [...new Set([most + 1, most + 2].map((rows) => Math.ceil(rows / 2)))])
        f.if(i32.eq(half, height), () => {
          count.set(i32.of(1));
          take(height);
        });
    });
  });
  for (let height = most; height > 0; height--) once(height);
}
