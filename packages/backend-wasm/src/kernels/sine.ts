import { sizeOf, type Call, type KernelTable } from "@tenon/tensor";
import { f32, f32x4, f64, i32, i32x4, type Local, v128, type Value, word32 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import { floats, integers } from "../constants.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel, type KernelFunc } from "../kernel.ts";
import { polynomial } from "./math.ts";

type Vector = Value<"v128">;

/** π / 2 in parts of eight bits, of which 2¹⁶ multiples are exact, and what is left. */
const parts = [201 / 2 ** 7, 253 / 2 ** 19, 170 / 2 ** 27, Math.PI / 2 - 201 / 2 ** 7 - 253 / 2 ** 19 - 170 / 2 ** 27];
/** The largest number that is less than 2¹⁶ quarter turns. */
const farthest = 100_000;
const bitsOf = (x: number): number => new Int32Array(Float32Array.of(x).buffer)[0]!;

/** Behind 32 zeros the bits of 2 / π = 0.1010 0010 1111 …, as many as the largest floats ask for. */
const twoOverPi = [0, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041];
/** Where in scratch they are, behind the lanes that need them. */
const tableAt = 64;

/**
 * Replaces quarter turns and rest of one lane, whose number is too large for parts of π / 2. With |x| = m · 2ᵉ the quarter turns are
 * m times 2ᵉ · 2 / π, and of these only the bits matter that give no whole turns: 64 from one place on in the list (Payne and Hanek 1983,
 * "Radian reduction for trigonometric functions").
 */
function reduceFar(f: KernelFunc, lane: Local<"i32">, table: Local<"i32">): void {
  const bits = f.let(i32.load(lane));
  const size = f.let(i32.and(bits, 0x7fffffff));
  f.if(i32.gt(size, bitsOf(farthest)), () => {
    f.if(
      i32.ge(size, 0x7f800000),
      () => f.store("f32", lane, f32.of(NaN), 32),
      () => {
        const m = f.let(i32.or(i32.and(size, 0x7fffff), 0x800000));
        const place = f.let(i32.sub(i32.shr(size, 23), 120)); // e + 30
        const at = f.let(element(table, i32.shr(place, 5), 2));
        const by = f.let(i32.and(place, 31));
        const word = (n: number): Value<"i32"> =>
          i32.or(
            word32.shl(i32.load(at, 4 * n), by),
            word32.shr(word32.shr(i32.load(at, 4 * n + 4), 1), i32.sub(31, by)), // by 32 in all where `by` is 0
          );
        // The upper half of the product with 64 bits: quarter turns less whole ones, in units of 2⁻³⁰.
        const carried = i32.truncF64(f64.mul(f64.mul(f64.ofSigned(m), f64.ofUnsigned(word(1))), 2 ** -32));
        const turns = f.let(word32.add(word32.mul(m, word(0)), carried));
        const quarters = f.let(word32.shr(word32.add(turns, 1 << 29), 30));
        const rest = f.let(
          f32.mul(f32.ofSigned(word32.sub(turns, word32.shl(quarters, 30))), (Math.PI / 2) * 2 ** -30),
        );
        const negative = f.let(i32.ltSigned(bits, 0));
        f.store("i32", lane, f.select(negative, i32.sub(0, quarters), quarters), 16);
        f.store("f32", lane, f.select(negative, f32.neg(rest), rest), 32);
      },
    );
  });
}

/** sin x, or cos x as the sine a quarter turn further; a unit is sixteen elements. */
const wave = (name: string, further: 0 | 1): Kernel<{ readonly x: "i32"; readonly y: "i32" }> =>
  kernel(name, { x: "i32", y: "i32" }, (f, { x, y }, { from, to, scratch }) => {
    const at = f.local("i32");
    const end = f.let(i32.shl(to, 6));
    const [given, quarters, rest] = f.locals("v128", 3);
    const [lane, laneEnd] = [f.local("i32"), f.let(i32.add(scratch, 16))];
    const table = f.let(i32.add(scratch, tableAt));
    twoOverPi.forEach((word, i) => f.store("i32", table, word, 4 * i));
    f.for(at, i32.shl(from, 6), end, 16, () => {
      given.set(v128.load(i32.add(x, at)));
      const n = f.let(f32x4.nearest(f32x4.mul(given, floats(2 / Math.PI))));
      quarters.set(i32x4.trunc(n));
      rest.set(parts.reduce((left: Vector, part) => f.let(f.madd(n, floats(-part), left)), given));
      f.if(v128.anyTrue(f32x4.gt(f32x4.abs(given), floats(farthest))), () => {
        [given, quarters, rest].forEach((v, i) => f.store("v128", scratch, v, 16 * i));
        f.for(lane, scratch, laneEnd, 4, () => reduceFar(f, lane, table));
        quarters.set(v128.load(scratch, 16));
        rest.set(v128.load(scratch, 32));
      });
      if (further !== 0) quarters.set(i32x4.add(quarters, integers(further)));
      f.store("v128", i32.add(y, at), sineOf(f, quarters, rest));
    });
  });

/** The sine of some quarter turns and a rest of at most half a one (Cephes, `sinf`). */
function sineOf(f: KernelFunc, quarters: Vector, rest: Vector): Vector {
  const square = f.let(f32x4.mul(rest, rest));
  const odd = polynomial(f, square, -1.6666654611e-1, 8.3321608736e-3, -1.9515295891e-4);
  const sine = f.let(f.madd(f32x4.mul(odd, square), rest, rest));
  const even = polynomial(f, square, 4.166664568298827e-2, -1.388731625493765e-3, 2.443315711809948e-5);
  const cosine = f.madd(f32x4.mul(square, square), even, f.madd(square, floats(-0.5), floats(1)));
  const turned = v128.select(cosine, sine, i32x4.eq(v128.and(quarters, integers(1)), integers(1)));
  return v128.xor(turned, i32x4.shl(v128.and(quarters, integers(2)), 30)); // the sign of the second half turn
}

const kernels = { sin: wave("sin", 0), cos: wave("cos", 1) };
export const sineKernels: readonly Kernel[] = [kernels.sin, kernels.cos];

/** Sines and cosines, of numbers of any size. */
export function sineTable(engine: Engine): Pick<KernelTable<Block>, "sin" | "cos"> {
  const run =
    (name: "sin" | "cos") =>
    ([x]: readonly [Block], _: object, call: Call<Block>): Block => {
      const y = call.allocate(call.output);
      engine.run(kernels[name], { x: engine.at(x), y: engine.at(y) }, Math.ceil(sizeOf(call.output.shape) / 16), 1024);
      return y;
    };
  return { sin: run("sin"), cos: run("cos") };
}
