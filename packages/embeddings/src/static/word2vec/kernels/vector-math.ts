import {
  f32x4,
  type Func,
  i32x4,
  type Local,
  relaxed,
  shuffle32,
  v128,
  type V128,
  type Value,
} from "@tenon/wasm-assembler";

/** What the engine can do. */
export interface Target {
  /** One instruction for a · b + c. */
  readonly relaxed: boolean;
}

/** a · b + c in four lanes, rounded once where the engine has an instruction for it. */
export const multiplyAdd = ({ relaxed: fused }: Target, a: V128, b: V128, c: V128): Value<"v128"> =>
  fused ? relaxed.madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);

/** Beyond, σ is 0 or 1 to within what a float can tell from them. */
const farthest = 30;
/** 2ʳ = Σ (ln 2)ⁿ rⁿ / n!, to the last bit but one of a float for |r| ≤ ½. */
const powers: readonly number[] = [1, 1, 2, 6, 24, 120, 720].map((factorial, n) => Math.LN2 ** n / factorial);

/** eˣ in four lanes, |x| ≤ 87: 2ⁿ 2ʳ with n a whole number, and 2ʳ by a polynomial. */
function exponentialNear(f: Func, target: Target, x: Value<"v128">): Value<"v128"> {
  const exponent = f.let(f32x4.mul(x, Math.LOG2E));
  // A number of 1.5 · 2²³ more has no room for a fraction, and n in its last bits.
  const magic = 1.5 * 2 ** 23;
  const moved = f.let(f32x4.add(exponent, magic));
  const rest = f.let(f32x4.sub(exponent, f32x4.sub(moved, magic)));
  const power = f.let(f32x4.of(powers.at(-1)!));
  for (const c of powers.slice(0, -1).toReversed()) power.set(multiplyAdd(target, power, rest, c));
  return i32x4.add(power, i32x4.shl(moved, 23));
}

/** eˣ in four lanes, x ≤ 0; what is less than a float can hold is held at e⁻⁸⁷. */
export const exponential = (f: Func, target: Target, x: Value<"v128">): Local<"v128"> =>
  f.let(exponentialNear(f, target, f32x4.max(x, -87)));

/**
 * σ(x) = 1 / (1 + e⁻ˣ) in four lanes. The originals look it up in a table; here a table could save no more than 3 % of the time of skip-gram with
 * 5 negatives and width 100, for with a straight line in its place it is no faster than that.
 */
export function sigmoid(f: Func, target: Target, x: Value<"v128">): Local<"v128"> {
  const near = f32x4.neg(f32x4.max(f32x4.min(x, farthest), -farthest));
  return f.let(f32x4.div(f32x4.of(1), f32x4.add(exponentialNear(f, target, near), 1)));
}

/** Four vectors as one: the sum of the lanes of each. */
export function sumsOf(f: Func, [a, b, c, d]: readonly [V128, V128, V128, V128] | readonly V128[]): Local<"v128"> {
  const [p, q, r, s] = [a, b, c, d].map((x) => (x === undefined ? f32x4.of(0) : x)) as [Vector, Vector, Vector, Vector];
  const left = f.let(f32x4.add(shuffle32(p, q, 0, 4, 1, 5), shuffle32(p, q, 2, 6, 3, 7)));
  const right = f.let(f32x4.add(shuffle32(r, s, 0, 4, 1, 5), shuffle32(r, s, 2, 6, 3, 7)));
  return f.let(f32x4.add(shuffle32(left, right, 0, 1, 4, 5), shuffle32(left, right, 2, 3, 6, 7)));
}
type Vector = Value<"v128">;

/** One lane of a vector, in all four. */
export const spread = (x: Value<"v128">, lane: number): Value<"v128"> => shuffle32(x, x, lane, lane, lane, lane);

/** a where the lane is one of the first n, else b. */
export const firstLanes = (n: number, a: Value<"v128">, b: Value<"v128">): Value<"v128"> =>
  n >= 4
    ? a
    : v128.select(a, b, i32x4.list(...([0, 1, 2, 3].map((i) => (i < n ? -1 : 0)) as [number, number, number, number])));
