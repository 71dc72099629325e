import type { NamedActivation } from "@tenon/tensor";

import { erf, log1p, sigmoid, tanh } from "./functions.ts";

/** An expression in `a`, and the functions that it calls. */
export interface Activation {
  readonly expression: string;
  readonly functions: readonly string[];
}

/** Activations by name. GELU is a · Φ(a) or its approximation by a hyperbolic tangent (Hendrycks and Gimpel 2016). */
export const activations: { readonly [K in NamedActivation]: Activation } = {
  relu: { expression: "a < 0 ? 0 : a", functions: [] },
  squaredRelu: { expression: "a < 0 ? 0 : a * a", functions: [] },
  sigmoid: { expression: "sigmoidOf(a)", functions: [sigmoid] },
  silu: { expression: "a * sigmoidOf(a)", functions: [sigmoid] },
  softplus: { expression: "NAN(a) ? a : Math.max(a, 0) + log1pOf(Math.exp(-Math.abs(a)))", functions: [log1p] },
  tanh: { expression: "tanhOf(a)", functions: [tanh] },
  gelu: { expression: "a * (0.5 * (1 + erfOf(a * 0.7071067811865476)))", functions: [erf] },
  geluTanh: {
    expression: "a * (0.5 * (1 + tanhOf(0.7978845608028654 * (a + 0.044715 * a * a * a))))",
    functions: [tanh],
  },
};

/** The derivatives of both forms of GELU at `a`, times `b`. */
export const geluSlopes: { readonly exact: Activation; readonly tanh: Activation } = {
  exact: {
    expression: "b * (0.5 * (1 + erfOf(a * 0.7071067811865476)) + a * 0.3989422804014327 * Math.exp(-0.5 * a * a))",
    functions: [erf],
  },
  tanh: {
    expression: "b * slope(a)",
    functions: [
      tanh,
      `function slope(a) {
  const t = tanhOf(0.7978845608028654 * (a + 0.044715 * a * a * a));
  return 0.5 * (1 + t) + 0.5 * a * (1 - t * t) * 0.7978845608028654 * (1 + 0.134145 * a * a);
}`,
    ],
  },
};
