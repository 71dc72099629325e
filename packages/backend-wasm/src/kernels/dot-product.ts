// One row of rounded activations times packed levels: what decoding does with whole numbers.
import type { Local } from "../assembler/func.ts";
import { f32x4, i16x8, i32, v128 } from "../assembler/instructions.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel } from "../kernel.ts";
import { writeColumnScales } from "./column-scales.ts";
import { dot, dotForm, firstStep, loadStep, secondStep, stepBytes } from "./dot-levels.ts";
import type { Bits } from "./levels.ts";
import type { LevelsMultiply } from "./multiply-levels.ts";
import { sumsBytes } from "./pack-levels.ts";
import { panelsOf } from "./panels.ts";
import { panelRow } from "./tile.ts";

/** Panels that are read together: eight sums at once hide how long one product takes. */
const together = 4;

const fields = {
  a: "i32",
  aScales: "i32",
  levels: "i32",
  scales: "i32",
  c: "i32",
  bias: "i32",
  n: "i32",
  k: "i32",
  groups: "i32",
} as const;

/** c [n] = a [k] · levelsᵀ + bias; a unit is four panels, or what is left of them. Writes to the end of the last panel. */
const rowTimesDots = (bits: Bits): Kernel<typeof fields> =>
  kernel(`rowTimesDots${bits}`, fields, (f, { a, aScales, levels, scales, c, bias, n, k, groups }, part) => {
    const { target } = f;
    const form = dotForm(target);
    const panels = f.let(i32.shr(i32.add(n, 7), 3));
    const [unit, p, q, at, end, g, out, scaleAt, offset] = f.locals("i32", 9);
    const streams: Local<"i32">[] = f.locals("i32", together);
    const sums = Array.from({ length: together }, () => f.locals("v128", 2));
    const [each, second, b0, b1] = f.locals("v128", 4);
    const size = f.let(i32.div(k, groups));
    const panelBytes = f.let(i32.mul(groups, i32.add(i32.mul(size, bits), sumsBytes)));
    const aBytes = f.let(i32.mul(size, form.bytes));
    const scalesBytes = f.let(i32.shl(i32.add(groups, 4), 5));
    const inTurn = stepBytes(form);

    const columns = (count: number): void => {
      for (let i = 0; i < count; i++) {
        q.set(i32.add(p, i));
        streams[i]!.set(i32.add(levels, i32.mul(q, panelBytes)));
        const place = f.let(i32.add(part.scratch, i32.mul(scalesBytes, i)));
        writeColumnScales(f, scales, groups, q, n, place);
        const to = f.let(i32.add(out, panelRow * i));
        f.store("v128", to, f32x4.of(0));
        f.store("v128", to, f32x4.of(0), 16);
        f.if(bias, () => {
          const from = f.let(i32.add(bias, i32.shl(q, 5)));
          f.store("v128", to, v128.load(from));
          f.store("v128", to, v128.load(from, 16), 16);
        });
      }
      at.set(a);
      f.for(g, 0, groups, 1, () => {
        for (let i = 0; i < count; i++) {
          const [s0, s1] = sums[i]!;
          s0.set(v128.load(streams[i]!));
          s1.set(v128.load(streams[i]!, 16));
          streams[i]!.set(i32.add(streams[i]!, sumsBytes));
        }
        end.set(i32.add(at, aBytes));
        f.doWhile(
          () => {
            each.set(v128.splat32(at));
            if (bits === 4) second.set(v128.splat32(at, 4));
            for (let i = 0; i < count; i++) {
              const [s0, s1] = sums[i]!;
              const stream = streams[i]!;
              if (bits === 8) {
                const [l0, l1] = loadStep(target, stream);
                s0.set(dot(target, l0, each, s0));
                s1.set(dot(target, l1, each, s1));
              } else if (form.step === 4) {
                for (const [sum, half] of [
                  [s0, 0],
                  [s1, 16],
                ] as const) {
                  b0.set(v128.load(stream, half));
                  sum.set(dot(target, firstStep(b0), each, sum));
                  sum.set(dot(target, secondStep(b0), second, sum));
                }
              } else {
                b0.set(v128.load(stream));
                for (const [half, activations] of [
                  [firstStep(b0), each],
                  [secondStep(b0), second],
                ] as const) {
                  b1.set(half);
                  s0.set(dot(target, i16x8.ofLow8Signed(b1), activations, s0));
                  s1.set(dot(target, i16x8.ofHigh8Signed(b1), activations, s1));
                }
              }
              stream.set(i32.add(stream, inTurn));
            }
            at.set(i32.add(at, bits === 8 ? 4 : 8));
          },
          () => i32.lt(at, end),
        );
        offset.set(i32.shl(g, 5));
        each.set(v128.splat32(element(aScales, g, 2)));
        for (let i = 0; i < count; i++) {
          scaleAt.set(i32.add(i32.add(part.scratch, i32.mul(scalesBytes, i)), offset));
          sums[i]!.forEach((sum, half) => {
            const place = 16 * half;
            const scale = f32x4.mul(v128.load(scaleAt, place), each);
            const to = panelRow * i + place;
            f.store("v128", out, f.madd(f32x4.ofSigned(sum), scale, v128.load(out, to)), to);
          });
        }
      });
    };

    f.for(unit, part.from, part.to, 1, () => {
      p.set(i32.shl(unit, 2));
      out.set(i32.add(c, i32.shl(p, 5)));
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
const kernels = { q8: rowTimesDots(8), q4: rowTimesDots(4) };
export const dotProductKernels: readonly Kernel[] = [kernels.q8, kernels.q4];

/** Like `runMultiplyLevels`, of one row; c is padded to whole panels. */
export function runDotProduct(engine: Engine, { dtype, ...values }: Omit<LevelsMultiply, "m">): void {
  engine.run(
    kernels[dtype],
    values,
    Math.ceil(panelsOf(values.n) / together),
    Math.ceil(400_000 / (8 * together * values.k)),
  );
}
