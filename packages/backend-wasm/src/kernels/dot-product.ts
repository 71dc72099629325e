// One row of rounded activations times packed levels: what decoding does with whole numbers.
import { f32x4, i16x8, i32, i32x4, type Local, v128 } from "@tenon/wasm-assembler";

import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel } from "../kernel.ts";
import { findColumnScales } from "./column-scales.ts";
import { dot, dotForm, firstStep, loadStep, secondStep, stepBytes } from "./dot-levels.ts";
import type { Bits } from "./levels.ts";
import type { LevelsMultiply } from "./multiply-levels.ts";
import { sumsBytes } from "./pack-levels.ts";
import { panelsOf } from "./panels.ts";
import { writeRounding } from "./round-rows.ts";
import { panelRow } from "./tile.ts";
import { panelsPerUnit } from "./vector-product.ts";

/** Times the stream of each of two panels advances in a turn: eight sums hide how long one product takes. */
const turns = 2;

const fields = {
  x: "i32",
  unit: "f32",
  levels: "i32",
  scales: "i32",
  c: "i32",
  bias: "i32",
  n: "i32",
  k: "i32",
  groups: "i32",
  perUnit: "i32",
} as const;

/**
 * c [n] = x [k] · levelsᵀ + bias. A unit is `perUnit` panels, or what is left of them, whose halves are read side by side, as in
 * vector-product.ts. Each thread rounds x for itself: that takes less than a job of its own. Writes to the end of the last panel.
 */
const rowTimesDots = (bits: Bits): Kernel<typeof fields> =>
  kernel(
    `rowTimesDots${bits}`,
    fields,
    (f, { x, unit: unitOfScales, levels, scales, c, bias, n, k, groups, perUnit }, part) => {
      const { target } = f;
      const form = dotForm(target);
      const panels = f.let(i32.shr(i32.add(n, 7), 3));
      const [unit, p, q, count, pairs, pair, at, end, g, out] = f.locals("i32", 10);
      const streams: Local<"i32">[] = f.locals("i32", 2);
      const scaleAt: Local<"i32">[] = f.locals("i32", 2);
      const sums = streams.map(() => Array.from({ length: turns }, () => f.locals("v128", 2)));
      const [each, second, b0, b1] = f.locals("v128", 4);
      const size = f.let(i32.div(k, groups));
      const panelBytes = f.let(i32.mul(groups, i32.add(i32.mul(size, bits), sumsBytes)));
      const aBytes = f.let(i32.mul(size, form.bytes));
      const scalesBytes = f.let(i32.shl(i32.add(groups, 4), 5));
      // What scratch holds: the scales of two panels, the rounded row's own, and that row.
      const aScales = f.let(i32.add(part.scratch, i32.shl(scalesBytes, 1)));
      const a = f.let(i32.and(i32.add(i32.add(aScales, i32.shl(groups, 2)), 63), -64));
      const row = { x: f.let(x), y: f.let(a), scales: f.let(aScales) };
      writeRounding(f, row, k, groups, unitOfScales);
      const apart = f.local("i32"); // bytes of c between the two streams' results

      /** Levels of eight outputs, and of one step or two, meet activations. */
      const meet = (stream: Local<"i32">, from: number, [s0, s1]: readonly [V, V]): void => {
        if (bits === 8) {
          const [l0, l1] = loadStep(target, stream, from);
          s0.set(dot(target, l0, each, s0));
          s1.set(dot(target, l1, each, s1));
        } else if (form.step === 4) {
          [s0, s1].forEach((sum, half) => {
            b0.set(v128.load(stream, from + 16 * half));
            sum.set(dot(target, firstStep(b0), each, sum));
            sum.set(dot(target, secondStep(b0), second, sum));
          });
        } else {
          b0.set(v128.load(stream, from));
          for (const [half, activations] of [
            [firstStep(b0), each],
            [secondStep(b0), second],
          ] as const) {
            b1.set(half);
            s0.set(dot(target, i16x8.ofLow8Signed(b1), activations, s0));
            s1.set(dot(target, i16x8.ofHigh8Signed(b1), activations, s1));
          }
        }
      };
      const stepBytesOfA = bits === 8 ? 4 : 8;

      /** Multiplies a panel of each of the first streams, adds to what lies at `out`, and leaves the streams at the next panel. */
      const multiply = (read: readonly Local<"i32">[]): void => {
        const used = sums.slice(0, read.length);
        read.forEach((_, i) => {
          const panel = i === 0 ? q : f.let(i32.add(q, pairs));
          scaleAt[i]!.set(i32.add(part.scratch, i32.mul(scalesBytes, i)));
          findColumnScales(f, scales, groups, panel, n, scaleAt[i]!);
        });
        at.set(a);
        f.for(g, 0, groups, 1, () => {
          read.forEach((stream, i) => {
            const [[s0, s1], ...others] = used[i]! as [[V, V], ...[V, V][]];
            s0.set(v128.load(stream));
            s1.set(v128.load(stream, 16));
            for (const other of others.flat()) other.set(i32x4.of(0));
            stream.set(i32.add(stream, sumsBytes));
          });
          end.set(i32.add(at, aBytes));
          f.doWhile(
            () => {
              for (let turn = 0; turn < turns; turn++) {
                each.set(v128.splat32(at, stepBytesOfA * turn));
                if (bits === 4) second.set(v128.splat32(at, stepBytesOfA * turn + 4));
                read.forEach((stream, i) => meet(stream, stepBytes(form) * turn, used[i]![turn]!));
              }
              for (const stream of read) stream.set(i32.add(stream, stepBytes(form) * turns));
              at.set(i32.add(at, stepBytesOfA * turns));
            },
            () => i32.lt(at, end),
          );
          each.set(v128.splat32(element(aScales, g, 2)));
          used.forEach(([first, next], i) => {
            const place = i === 0 ? out : i32.add(out, apart);
            for (const half of [0, 1] as const) {
              const scale = f32x4.mul(v128.load(scaleAt[i]!, 16 * half), each);
              const sum = f32x4.ofSigned(i32x4.add(first![half], next![half]));
              f.store("v128", place, f.madd(sum, scale, v128.load(place, 16 * half)), 16 * half);
            }
            scaleAt[i]!.set(i32.add(scaleAt[i]!, panelRow));
          });
        });
        out.set(i32.add(out, panelRow));
        q.set(i32.add(q, 1));
      };

      f.for(unit, part.from, part.to, 1, () => {
        p.set(i32.mul(unit, perUnit));
        count.set(f.select(i32.lt(i32.sub(panels, p), perUnit), i32.sub(panels, p), perUnit));
        pairs.set(i32.shr(count, 1));
        apart.set(i32.shl(pairs, 5));
        out.set(i32.add(c, i32.shl(p, 5)));
        f.if(
          bias,
          () => f.copy(out, i32.add(bias, i32.shl(p, 5)), i32.shl(count, 5)),
          () => f.fill(out, 0, i32.shl(count, 5)),
        );
        q.set(p);
        streams[0]!.set(i32.add(levels, i32.mul(p, panelBytes)));
        streams[1]!.set(i32.add(streams[0]!, i32.mul(pairs, panelBytes)));
        f.for(pair, 0, pairs, 1, () => multiply(streams));
        // Of an odd number one is left, which the second stream has come to.
        f.if(i32.and(count, 1), () => {
          out.set(i32.add(out, apart));
          q.set(i32.add(q, pairs));
          streams[0]!.set(streams[1]!);
          multiply([streams[0]!]);
        });
      });
    },
  );
type V = Local<"v128">;
const kernels = { q8: rowTimesDots(8), q4: rowTimesDots(4) };
export const dotProductKernels: readonly Kernel[] = [kernels.q8, kernels.q4];

/** One row x [k] of floats, times packed levels [n, k]; addresses, 0 for no bias. c is padded to whole panels. */
interface DotProduct extends Omit<LevelsMultiply, "a" | "aScales" | "m"> {
  readonly x: number;
  /** See {@link runRoundRows}. */
  readonly unit: number;
}

export function runDotProduct(engine: Engine, { dtype, ...values }: DotProduct): void {
  const panels = panelsOf(values.n);
  const perUnit = panelsPerUnit(engine, panels, values.k * (dtype === "q8" ? 8 : 4));
  engine.run(kernels[dtype], { ...values, perUnit }, Math.ceil(panels / perUnit), 1);
}
