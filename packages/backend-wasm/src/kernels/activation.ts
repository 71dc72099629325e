import type { NamedActivation } from "@tenon/tensor";
import { f32x4, type Local, v128, type Value } from "@tenon/wasm-assembler";

import { floats, integers } from "../constants.ts";
import type { KernelFunc } from "../kernel.ts";
import { erfEach, exp, log1p, sigmoid, sigmoidEach, tanh } from "./math.ts";

type Vector = Value<"v128">;
type Code = (f: KernelFunc, x: Vector) => Vector;

/** max(x, 0); NaN stays. */
const positive = (x: Vector): Vector => f32x4.max(x, f32x4.of(0));

/** ½ x (1 + erf(x / √2)), of several vectors side by side. */
export function geluEach(f: KernelFunc, xs: readonly Vector[]): Vector[] {
  const ys = xs.map((x) => f.let(x));
  const areas = erfEach(
    f,
    ys.map((y) => f32x4.mul(y, floats(Math.SQRT1_2))),
  );
  return areas.map((area, i) => {
    const half = f.let(f32x4.mul(ys[i]!, floats(0.5)));
    return f.madd(half, area, half);
  });
}

const c = Math.sqrt(2 / Math.PI);
/** ½ x (1 + tanh z) with z = √(2/π) (x + 0.044715 x³), of several vectors side by side: ½ (1 + tanh z) is the sigmoid of 2 z. */
export function geluTanhEach(f: KernelFunc, xs: readonly Vector[]): Vector[] {
  const ys = xs.map((x) => f.let(x));
  return likelihoods(f, ys).map((s, i) => f32x4.mul(ys[i]!, s));
}

/** Its slope, s + 2 x s (1 − s) z′ with s the sigmoid of 2 z. */
export function geluTanhSlopeEach(f: KernelFunc, xs: readonly Vector[]): Vector[] {
  const ys = xs.map((x) => f.let(x));
  return likelihoods(f, ys).map((s, i) => {
    const y = ys[i]!;
    const inner = f.madd(f32x4.mul(y, y), floats(2 * c * 3 * 0.044715), floats(2 * c));
    return f.madd(f32x4.mul(f32x4.mul(y, s), f32x4.sub(floats(1), s)), inner, s);
  });
}

function likelihoods(f: KernelFunc, ys: readonly Local<"v128">[]): Local<"v128">[] {
  return sigmoidEach(
    f,
    ys.map((y) => f32x4.mul(f.madd(f32x4.mul(f32x4.mul(y, y), y), floats(0.044715), y), floats(2 * c))),
  );
}

/** What each activation does to four floats. */
export const activations: { readonly [K in NamedActivation]: Code } = {
  relu: (_, x) => positive(x),
  squaredRelu: (f, x) => {
    const y = f.let(positive(x));
    return f32x4.mul(y, y);
  },
  gelu: (f, x) => geluEach(f, [x])[0]!,
  geluTanh: (f, x) => geluTanhEach(f, [x])[0]!,
  silu: (f, x) => {
    const y = f.let(x);
    return f32x4.mul(y, sigmoid(f, y));
  },
  sigmoid,
  tanh,
  softplus: (f, x) => {
    const y = f.let(x);
    const rest = log1p(f, exp(f, v128.or(y, integers(-0x80000000)))); // log(1 + e^−|x|)
    return f32x4.add(positive(y), rest);
  },
};
