// One row times a matrix: what decoding does. Bound by how fast the matrix is read, so it is read once, in order, by several streams.
import type { Local } from "../assembler/func.ts";
import { f32, f32x4, i32, v128 } from "../assembler/instructions.ts";
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

/** Panels that are read together: eight sums at once hide how long one addition takes. */
const together = 4;

/** y [n] = x [k] · panels + bias; a unit is four panels, or what is left of them. */
const rowTimesPanels = kernel("rowTimesPanels", fields, (f, { x, w, y, bias, n, k, activation }, part) => {
  const panels = f.let(i32.shr(i32.add(n, 7), 3));
  const [unit, p, first, depth, at, end, out] = f.locals("i32", 7);
  const streams: Local<"i32">[] = f.locals("i32", together);
  const sums = Array.from({ length: together }, () => f.locals("v128", 2));
  const each = f.local("v128");
  const one = f.let(i32.of(1));

  const columns = (count: number): void => {
    const part8 = sums.slice(0, count);
    part8.flat().forEach((s) => s.set(f32x4.of(0)));
    f.for(first, 0, k, blockRows, () => {
      depth.set(f.select(i32.lt(i32.sub(k, first), blockRows), i32.sub(k, first), i32.of(blockRows)));
      for (let i = 0; i < count; i++)
        streams[i]!.set(
          i === 0
            ? i32.add(w, i32.shl(i32.add(i32.mul(first, panels), i32.mul(p, depth)), 5))
            : i32.add(streams[i - 1]!, i32.shl(depth, 5)),
        );
      at.set(element(x, first, 2));
      end.set(element(at, depth, 2));
      f.doWhile(
        () => {
          each.set(v128.splat32(at));
          part8.forEach(([s0, s1], i) => {
            s0.set(f.madd(each, v128.load(streams[i]!), s0));
            s1.set(f.madd(each, v128.load(streams[i]!, 16), s1));
            streams[i]!.set(i32.add(streams[i]!, panelRow));
          });
          at.set(i32.add(at, 4));
        },
        () => i32.lt(at, end),
      );
    });
    part8.forEach(([s0, s1], i) => {
      f.if(bias, () => {
        const from = f.let(i32.add(bias, i32.shl(i32.add(p, i), 5)));
        s0.set(f32x4.add(s0, v128.load(from)));
        s1.set(f32x4.add(s1, v128.load(from, 16)));
      });
      // The last panel may write beyond n: y is padded to whole cache lines, and so to whole panels.
      f.store("v128", out, s0, panelRow * i);
      f.store("v128", out, s1, panelRow * i + 16);
    });
    f.if(activation, () => writeActivation(f, activation, out, panels, one, 2 * count));
  };

  f.for(unit, part.from, part.to, 1, () => {
    p.set(i32.shl(unit, 2));
    out.set(i32.add(y, i32.shl(p, 5)));
    f.if(
      i32.ge(i32.sub(panels, p), together),
      () => columns(together),
      () =>
        f.while(
          () => i32.lt(p, panels),
          () => {
            columns(1);
            p.set(i32.add(p, 1));
            out.set(i32.add(out, panelRow));
          },
        ),
    );
  });
});

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
  const [kernel, columns, units] =
    o.order === "panels"
      ? [rowTimesPanels, 8 * together, Math.ceil(panelsOf(o.n) / together)]
      : [rowTimesRows, 4, Math.ceil(o.n / 4)];
  // About 20 µs of reading at 12 GB/s.
  engine.run(kernel, values, units, Math.ceil(60_000 / (columns * o.k)));
}
