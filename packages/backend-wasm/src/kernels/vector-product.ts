// One row times a matrix: what decoding does. Bound by how fast the matrix is read, so it is read once, in order.
import { f32, f32x4, i32, type Local, v128 } from "@tenon/wasm-assembler";

import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel } from "../kernel.ts";
import { activationCode, writeActivation, type Activation } from "./epilogue.ts";
import { sumEach } from "./math.ts";
import { blockRows, panelsOf } from "./panels.ts";
import { panelRow } from "./tile.ts";

const fields = {
  x: "i32",
  w: "i32",
  y: "i32",
  bias: "i32",
  n: "i32",
  k: "i32",
  activation: "i32",
} as const;

/** Steps of k at a time: with two panels, eight sums hide how long one addition takes. */
const steps = 2;

/**
 * y [n] = x [k] · panels + bias; a unit is `perUnit` panels, or what is left of them. Its halves are read side by side: two streams that are
 * far from each other and long come faster than one, and much faster than panels that are neighbours.
 */
const rowTimesPanels = kernel(
  "rowTimesPanels",
  { ...fields, perUnit: "i32" },
  (f, { x, w, y, bias, n, k, activation, perUnit }, part) => {
    const panels = f.let(i32.shr(i32.add(n, 7), 3));
    const [unit, p, count, pairs, pair, first, depth, at, end, to] = f.locals("i32", 10);
    const streams: Local<"i32">[] = f.locals("i32", 2);
    const sums = streams.map(() => Array.from({ length: steps }, () => f.locals("v128", 2)));
    const each = f.local("v128");
    const apart = f.local("i32"); // bytes of y between the two streams' results

    /** Multiplies a panel of each of the first streams, adds to what lies at `to`, and leaves the streams at the next panel. */
    const multiply = (read: readonly Local<"i32">[]): void => {
      const used = sums.slice(0, read.length);
      used.flat(2).forEach((s) => s.set(f32x4.of(0)));
      at.set(element(x, first, 2));
      end.set(element(at, depth, 2));
      const step = (turn: number): void => {
        each.set(v128.splat32(at, 4 * turn));
        read.forEach((stream, i) =>
          used[i]![turn]!.forEach((s, half) => s.set(f.madd(each, v128.load(stream, panelRow * turn + 16 * half), s))),
        );
      };
      const take = (count: number): void => {
        for (let turn = 0; turn < count; turn++) step(turn);
        for (const stream of read) stream.set(i32.add(stream, panelRow * count));
        at.set(i32.add(at, 4 * count));
      };
      const whole = f.let(i32.sub(end, i32.and(i32.shl(depth, 2), 4 * steps - 1)));
      f.while(
        () => i32.lt(at, whole),
        () => take(steps),
      );
      f.if(i32.lt(at, end), () => take(1));
      used.forEach(([s, t], i) => {
        const place = i === 0 ? to : i32.add(to, apart);
        for (const half of [0, 1] as const)
          f.store("v128", place, f32x4.add(v128.load(place, 16 * half), f32x4.add(s![half], t![half])), 16 * half);
      });
      to.set(i32.add(to, panelRow));
    };

    f.for(unit, part.from, part.to, 1, () => {
      p.set(i32.mul(unit, perUnit));
      count.set(f.select(i32.lt(i32.sub(panels, p), perUnit), i32.sub(panels, p), perUnit));
      pairs.set(i32.shr(count, 1));
      apart.set(i32.shl(pairs, 5));
      const out = f.let(i32.add(y, i32.shl(p, 5)));
      // Sums begin with the bias. The last panel may write beyond n: y is padded to whole cache lines, and so to whole panels.
      f.if(
        bias,
        () => f.copy(out, i32.add(bias, i32.shl(p, 5)), i32.shl(count, 5)),
        () => f.fill(out, 0, i32.shl(count, 5)),
      );
      f.for(first, 0, k, blockRows, () => {
        depth.set(f.select(i32.lt(i32.sub(k, first), blockRows), i32.sub(k, first), i32.of(blockRows)));
        streams[0]!.set(i32.add(w, i32.shl(i32.add(i32.mul(first, panels), i32.mul(p, depth)), 5)));
        streams[1]!.set(i32.add(streams[0]!, i32.shl(i32.mul(pairs, depth), 5)));
        to.set(out);
        f.for(pair, 0, pairs, 1, () => multiply(streams));
        // Of an odd number one is left, which the second stream has come to.
        f.if(i32.and(count, 1), () => {
          to.set(i32.add(to, apart));
          multiply([streams[1]!]);
        });
      });
      f.if(activation, () => writeActivation(f, activation, out, f.let(i32.of(panelRow)), count, 2));
    });
  },
);

/** y [n] = w [n, k] · x [k] + bias, of a matrix in rows; a unit is four of them, or what is left. */
const rowTimesRows = kernel("rowTimesRows", fields, (f, { x, w, y, bias, n, k, activation }, part) => {
  const [unit, row, at, i, bytes] = f.locals("i32", 5);
  const rows: Local<"i32">[] = f.locals("i32", 4);
  const sums: Local<"v128">[] = f.locals("v128", 8);
  const [v, u, total] = f.locals("v128", 3);
  const [one, line] = [f.let(i32.of(1)), f.let(i32.shl(k, 2))];
  const whole = f.let(i32.and(line, -32));
  bytes.set(line);
  f.for(unit, part.from, part.to, 1, () => {
    row.set(i32.shl(unit, 2));
    const last = f.let(i32.add(w, i32.mul(i32.sub(n, 1), line)));
    rows.forEach((r, j) =>
      r.set(f.select(i32.lt(i32.add(row, j), n), i32.add(w, i32.mul(i32.add(row, j), line)), last)),
    );
    for (const s of sums) s.set(f32x4.of(0));
    at.set(x);
    const end = f.let(i32.add(x, whole));
    f.while(
      () => i32.lt(at, end),
      () => {
        v.set(v128.load(at));
        u.set(v128.load(at, 16));
        rows.forEach((r, j) => {
          sums[j]!.set(f.madd(v, v128.load(r), sums[j]!));
          sums[j + 4]!.set(f.madd(u, v128.load(r, 16), sums[j + 4]!));
          r.set(i32.add(r, 32));
        });
        at.set(i32.add(at, 32));
      },
    );
    const [s0, s1, s2, s3, s4, s5, s6, s7] = sums as [V, V, V, V, V, V, V, V];
    total.set(sumEach(f, f32x4.add(s0, s4), f32x4.add(s1, s5), f32x4.add(s2, s6), f32x4.add(s3, s7)));
    // The rest of each row, one element at a time.
    f.for(i, whole, bytes, 4, () => {
      rows.forEach((r, j) => {
        total.set(f32x4.replace(total, j, f32.add(f32x4.lane(total, j), f32.mul(f32.load(at), f32.load(r)))));
        r.set(i32.add(r, 4));
      });
      at.set(i32.add(at, 4));
    });
    f.if(bias, () => total.set(f32x4.add(total, v128.load(element(bias, row, 2)))));
    const out = f.let(element(y, row, 2));
    f.store("v128", out, total);
    f.if(activation, () => writeActivation(f, activation, out, line, one, 1));
  });
});
type V = Local<"v128">;

export const vectorProductKernels: readonly Kernel[] = [rowTimesPanels, rowTimesRows];

/** One row, times a weight [n, k] in panels or in rows; addresses, 0 for no bias. y is padded to whole cache lines. k > 0. */
export interface VectorProduct {
  readonly x: number;
  readonly w: number;
  readonly y: number;
  readonly bias: number;
  readonly n: number;
  readonly k: number;
  readonly order: "panels" | "rows";
  readonly activation: Activation | undefined;
}

export function runVectorProduct(engine: Engine, o: VectorProduct): void {
  const values = { ...o, activation: activationCode(o.activation) };
  if (o.order === "rows") {
    // About 20 µs of reading at 12 GB/s.
    engine.run(rowTimesRows, values, Math.ceil(o.n / 4), Math.ceil(60_000 / (4 * o.k)));
    return;
  }
  const panels = panelsOf(o.n);
  const perUnit = panelsPerUnit(engine, panels, panelRow * o.k);
  engine.run(rowTimesPanels, { ...values, perUnit }, Math.ceil(panels / perUnit), 1);
}

/** How many panels of so many bytes make a unit: a few units for each thread, of 20 µs of reading or more. All of them for one thread. */
export function panelsPerUnit({ threads }: Engine, panels: number, bytes: number): number {
  if (threads === 1) return panels;
  return Math.min(panels, Math.max(Math.ceil(panels / (4 * threads)), Math.ceil(240_000 / bytes)));
}
