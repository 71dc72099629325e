// Functions of four floats at once: each appends its steps to a kernel and returns the result. Errors are a few units in the last place.
import { f32, f32x4, i32x4, type Local, shuffle32, v128, type Value } from "@tenon/wasm-assembler";

import { floats, integers } from "../constants.ts";
import type { KernelFunc } from "../kernel.ts";

type Vector = Value<"v128">;

/** c₀ + x (c₁ + x (c₂ + …)) by Horner's rule. */
export const polynomial = (f: KernelFunc, x: Vector, ...c: readonly number[]): Vector => polynomialEach(f, [x], c)[0]!;

/** {@link polynomial} of several vectors side by side. */
function polynomialEach(f: KernelFunc, xs: readonly Vector[], c: readonly number[]): Local<"v128">[] {
  const sums = xs.map(() => f.let(floats(c.at(-1)!)));
  for (const each of c.slice(0, -1).toReversed()) {
    const next = xs.length > 1 ? f.let(floats(each)) : floats(each);
    sums.forEach((sum, i) => sum.set(f.madd(sum, xs[i]!, next)));
  }
  return sums;
}

const signBits = -0x80000000;
const withSignOf = (magnitude: Vector, x: Vector): Vector => v128.select(x, magnitude, integers(signBits));

/**
 * eˣ = 2ⁿ eʳ with n = ⌊x / ln 2⌉, and eʳ, |r| ≤ ln 2 / 2, by a polynomial (Cody and Waite 1980). Below −87, where
 * results are about to be no longer normal, it gives 0.
 */
export const exp = (f: KernelFunc, x: Vector): Vector => expEach(f, [x])[0]!;

/** {@link exp} of several vectors step by step, so that they share the constants, whose loading takes as long as the arithmetic. */
export function expEach(f: KernelFunc, xs: readonly Vector[]): Local<"v128">[] {
  const constant = (x: number): Local<"v128"> => f.let(floats(x));
  // pmin and pmax keep x where it is NaN.
  const [most, least] = [constant(89), constant(-87.3)];
  const ys = xs.map((x) => f.let(f32x4.pmax(f32x4.pmin(x, most), least)));
  // A number of 1.5 · 2²³ more has no room for a fraction, and n in its last bits: two instructions, where rounding and converting take ten.
  const [log2e, magic] = [constant(Math.LOG2E), constant(1.5 * 2 ** 23)];
  const moved = ys.map((y) => f.let(f.madd(y, log2e, magic)));
  const ns = moved.map((x) => f.let(f32x4.sub(x, magic)));
  // ln 2 in two parts, the first with few enough bits that n times it is exact.
  const [large, small] = [constant(-0.693359375), constant(2.1219444e-4)];
  const rs = ns.map((n, i) => f.let(f.madd(n, small, f.madd(n, large, ys[i]!))));
  const ps = polynomialEach(f, rs, [0.5, 1 / 6, 4.1665795894e-2, 8.3334519073e-3, 1.3981999507e-3, 1.98756915e-4]);
  const one = constant(1);
  rs.forEach((r, i) => ps[i]!.set(f32x4.add(f.madd(ps[i]!, f32x4.mul(r, r), r), one)));
  // 2ⁿ as 2 · 2ⁿ⁻¹: 2¹²⁸ is no float, but e^88.7 is.
  const bias = f.let(integers(126));
  ps.forEach((p, i) => p.set(f32x4.mul(f32x4.add(p, p), i32x4.shl(i32x4.add(moved[i]!, bias), 23))));
  return ps;
}

/** The natural logarithm, by way of x = 2ᵉ m with m from √½ to √2, and a polynomial in m − 1 (Moshier, Cephes, `logf`). */
export function log(f: KernelFunc, x: Vector): Vector {
  const given = f.let(x);
  const tiny = f.let(f32x4.lt(given, floats(1.17549435e-38))); // not normal: 2²³ times larger, and 23 less in the exponent
  const y = f.let(v128.select(f32x4.mul(given, floats(2 ** 23)), given, tiny));
  const e = f.let(i32x4.sub(i32x4.shr(y, 23), integers(126)));
  e.set(i32x4.sub(e, v128.and(tiny, integers(23))));
  const m = f.let(v128.or(v128.and(y, integers(0x7fffff)), integers(0x3f000000))); // from ½ to 1
  const low = f.let(f32x4.lt(m, floats(Math.SQRT1_2)));
  e.set(i32x4.add(e, low)); // all ones is −1
  const z = f.let(f32x4.sub(f32x4.add(m, v128.and(m, low)), floats(1)));
  const square = f.let(f32x4.mul(z, z));
  const p = polynomial(
    f,
    z,
    3.3333331174e-1,
    -2.4999993993e-1,
    2.0000714765e-1,
    -1.6668057665e-1,
    1.4249322787e-1,
    -1.2420140846e-1,
    1.167699874e-1,
    -1.151461031e-1,
    7.0376836292e-2,
  );
  const power = f.let(f32x4.ofSigned(e));
  const result = f.let(f32x4.mul(f32x4.mul(p, z), square));
  result.set(f.madd(power, floats(-2.1219444e-4), result));
  result.set(f.madd(square, floats(-0.5), result));
  result.set(f.madd(power, floats(0.693359375), f32x4.add(z, result)));
  result.set(v128.select(given, result, f32x4.eq(given, floats(Infinity))));
  result.set(v128.select(floats(-Infinity), result, f32x4.eq(given, 0)));
  return f.let(v128.or(result, v128.not(f32x4.ge(given, 0)))); // ones everywhere are NaN
}

/** log(1 + x): log(u) x / (u − 1) with u = 1 + x takes back what rounding u lost (Kahan). */
export function log1p(f: KernelFunc, x: Vector): Vector {
  const given = f.let(x);
  const u = f.let(f32x4.add(given, floats(1)));
  const l = f.let(log(f, u));
  const rest = f.let(f32x4.sub(u, floats(1)));
  const better = f.let(f32x4.mul(l, f32x4.div(given, rest)));
  better.set(v128.select(given, better, f32x4.eq(rest, 0)));
  return f.let(v128.select(l, better, v128.or(f32x4.eq(u, floats(Infinity)), f32x4.eq(u, 0))));
}

/** 1 / (1 + e⁻ˣ). */
export const sigmoid = (f: KernelFunc, x: Vector): Vector => sigmoidEach(f, [x])[0]!;

/** {@link sigmoid} of several vectors side by side, as {@link expEach}. */
export function sigmoidEach(f: KernelFunc, xs: readonly Vector[]): Local<"v128">[] {
  const powers = expEach(
    f,
    xs.map((x) => f32x4.neg(x)),
  );
  const one = f.let(floats(1));
  return powers.map((power) => f.let(f32x4.div(one, f32x4.add(power, one))));
}

/** By a polynomial near 0 (Cephes, `tanhf`), where 1 − 2 / (e²ˣ + 1) would cancel. */
export const tanh = (f: KernelFunc, x: Vector): Vector => tanhEach(f, [x])[0]!;

/** {@link tanh} of several vectors side by side, as {@link expEach}. */
export function tanhEach(f: KernelFunc, xs: readonly Vector[]): Local<"v128">[] {
  const given = xs.map((x) => f.let(x));
  const sizes = given.map((x) => f.let(f32x4.abs(x)));
  const powers = expEach(
    f,
    sizes.map((size) => f32x4.add(size, size)),
  );
  const [one, two] = [f.let(floats(1)), f.let(floats(2))];
  const far = powers.map((power) => f.let(f32x4.sub(one, f32x4.div(two, f32x4.add(power, one)))));
  const squares = given.map((x) => f.let(f32x4.mul(x, x)));
  const ps = polynomialEach(
    f,
    squares,
    [-3.33332819422e-1, 1.33314422036e-1, -5.37397155531e-2, 2.06390887954e-2, -5.70498872745e-3],
  );
  return ps.map((p, i) => {
    const near = f.let(f.madd(f32x4.mul(p, squares[i]!), given[i]!, given[i]!));
    return f.let(v128.select(near, withSignOf(far[i]!, given[i]!), f32x4.lt(sizes[i]!, floats(0.625))));
  });
}

/**
 * The error function, as x P(x²) / Q(x²): relative error 4 · 10⁻⁷. From 3.92 on it is 1. The coefficients were fitted by
 * scripts/fit-erf.py.
 */
export const erf = (f: KernelFunc, x: Vector): Vector => erfEach(f, [x])[0]!;

/** {@link erf} of several vectors side by side, as {@link expEach}. */
export function erfEach(f: KernelFunc, xs: readonly Vector[]): Local<"v128">[] {
  const ys = xs.map((x) => f.let(f32x4.pmax(f32x4.pmin(x, floats(3.92)), floats(-3.92)))); // keeps NaN
  const squares = ys.map((y) => f.let(f32x4.mul(y, y)));
  const ps = polynomialEach(
    f,
    squares,
    [
      1.1283791065216064, 0.19040042161941528, 0.0527479350566864, 0.0037653588224202394, 0.0002848770818673074,
      2.05013679988042e-6,
    ],
  );
  const qs = polynomialEach(
    f,
    squares,
    [1, 0.5020707249641418, 0.11410662531852722, 0.01496870256960392, 0.00116247299592942, 3.80919300368987e-5],
  );
  return ps.map((p, i) => {
    const ratio = f.let(f32x4.div(f32x4.mul(p, ys[i]!), qs[i]!));
    return f.let(f32x4.pmax(f32x4.pmin(ratio, floats(1)), floats(-1)));
  });
}

/** Σ of the four lanes. */
export function sumLanes(f: KernelFunc, x: Vector): Value<"f32"> {
  const a = f.let(x);
  const b = f.let(f32x4.add(a, shuffle32(a, a, 2, 3, 0, 1)));
  return f.let(f32.add(f32x4.lane(b, 0), f32x4.lane(b, 1)));
}

/** The largest lane; NaN when there is one. */
export function maxLanes(f: KernelFunc, x: Vector): Value<"f32"> {
  const a = f.let(x);
  const b = f.let(f32x4.max(a, shuffle32(a, a, 2, 3, 0, 1)));
  return f.let(f32.max(f32x4.lane(b, 0), f32x4.lane(b, 1)));
}

/** Σ of the lanes of four vectors, as the four lanes of one. */
export function sumEach(f: KernelFunc, a: Vector, b: Vector, c: Vector, d: Value<"v128">): Value<"v128"> {
  const [x, y, z, w] = [f.let(a), f.let(b), f.let(c), f.let(d)];
  const ab = f.let(f32x4.add(shuffle32(x, y, 0, 4, 1, 5), shuffle32(x, y, 2, 6, 3, 7)));
  const cd = f.let(f32x4.add(shuffle32(z, w, 0, 4, 1, 5), shuffle32(z, w, 2, 6, 3, 7)));
  return f32x4.add(shuffle32(ab, cd, 0, 1, 4, 5), shuffle32(ab, cd, 2, 3, 6, 7));
}
