import type { KernelTable } from "../kernel.ts";
import { gelu, geluTanh } from "./activation.ts";
import { attentionKernels } from "./attention.ts";
import { erf } from "./erf.ts";
import { linearKernels } from "./linear.ts";
import { quantizedKernels } from "./quantized.ts";
import { eachRow, shapeAt, stridesIn } from "./rows.ts";
import type { Data } from "./storage.ts";
import { updateKernels } from "./updates.ts";

const slope = Math.sqrt(2 / Math.PI);
const density = 1 / Math.sqrt(2 * Math.PI);

/** The mean of the d elements from `at` on, and 1 / √(variance + ε). */
function moments(x: Data, at: number, d: number, epsilon: number): { mean: number; inverse: number } {
  let mean = 0;
  for (let i = 0; i < d; i++) mean += x[at + i]!;
  mean /= d;
  let variance = 0;
  for (let i = 0; i < d; i++) variance += (x[at + i]! - mean) ** 2;
  return { mean, inverse: 1 / Math.sqrt(variance / d + epsilon) };
}

/**
 * Kernels that do in one pass what a composite does in several. Nothing here may differ from the composition but in rounding;
 * the tests compare the two.
 */
export const fusedKernels: Pick<
  KernelTable<Data>,
  | "softmax"
  | "maskedSoftmax"
  | "layerNorm"
  | "layerNormGradient"
  | "gelu"
  | "geluGradient"
  | "linear"
  | "attention"
  | "attentionGradient"
  | keyof typeof updateKernels
  | "quantizedLinear"
  | "quantizedEmbedding"
> = {
  ...quantizedKernels,
  ...linearKernels,
  ...attentionKernels,
  ...updateKernels,
  softmax: {
    accepts: ({ axis }, [x]) => axis === x.shape.length - 1,
    run: ([x], _, call) => {
      const y = call.allocate(call.output);
      const n = call.output.shape.at(-1)!;
      for (let at = 0; at < x.length; at += n) {
        let top = -Infinity;
        for (let i = at; i < at + n; i++) if (!(x[i]! <= top)) top = x[i]!;
        let total = 0;
        for (let i = at; i < at + n; i++) total += y[i] = Math.exp(x[i]! - top);
        for (let i = at; i < at + n; i++) y[i]! /= total;
      }
      return y;
    },
  },
  maskedSoftmax: ([x, mask], _, call) => {
    const { shape } = call.output;
    const y = call.allocate(call.output);
    const n = shape.at(-1)!;
    const strides = stridesIn(shapeAt(call, 1), shape);
    const step = strides.at(-1)!;
    eachRow(shape, [strides], (o, [m]) => {
      let top = -3e38; // as the composition: a row of −∞ gives zeros, not NaN
      for (let i = 0; i < n; i++) if (mask[m! + i * step] !== 0 && !(x[o + i]! <= top)) top = x[o + i]!;
      let total = 0;
      for (let i = 0; i < n; i++) if (mask[m! + i * step] !== 0) total += y[o + i] = Math.exp(x[o + i]! - top);
      if (total !== 0) for (let i = 0; i < n; i++) y[o + i]! /= total;
    });
    return y;
  },
  layerNorm: ([x, weight, bias], { epsilon }, call) => {
    const y = call.allocate(call.output);
    const d = weight.length;
    for (let at = 0; at < x.length; at += d) {
      const { mean, inverse } = moments(x, at, d, epsilon);
      for (let i = 0; i < d; i++)
        y[at + i] = (x[at + i]! - mean) * inverse * weight[i]! + (bias === undefined ? 0 : bias[i]!);
    }
    return y;
  },
  gelu: ([x], { form }, call) => {
    const y = call.allocate(call.output);
    if (form === "exact") for (let i = 0; i < y.length; i++) y[i] = gelu(x[i]!);
    else for (let i = 0; i < y.length; i++) y[i] = geluTanh(x[i]!);
    return y;
  },
  layerNormGradient: ([x, weight, upstream], { epsilon }, call) => {
    const y = call.allocate(call.output);
    const d = weight.length;
    const normal = new Float64Array(d);
    for (let at = 0; at < x.length; at += d) {
      const { mean, inverse } = moments(x, at, d, epsilon);
      let across = 0;
      let along = 0;
      for (let i = 0; i < d; i++) {
        normal[i] = (x[at + i]! - mean) * inverse;
        const scaled = upstream[at + i]! * weight[i]!;
        across += scaled;
        along += scaled * normal[i]!;
      }
      for (let i = 0; i < d; i++)
        y[at + i] = (upstream[at + i]! * weight[i]! - across / d - (normal[i]! * along) / d) * inverse;
    }
    return y;
  },
  geluGradient: ([x, upstream], { form }, call) => {
    const y = call.allocate(call.output);
    for (let i = 0; i < y.length; i++) {
      const a = x[i]!;
      if (form === "exact")
        y[i] = upstream[i]! * (0.5 * (1 + erf(a * Math.SQRT1_2)) + a * density * Math.exp(-0.5 * a * a));
      else {
        const t = Math.tanh(slope * (a + 0.044715 * a * a * a));
        y[i] = upstream[i]! * (0.5 * (1 + t) + 0.5 * a * (1 - t * t) * slope * (1 + 3 * 0.044715 * a * a));
      }
    }
    return y;
  },
};
