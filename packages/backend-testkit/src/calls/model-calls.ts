import type { AttentionAttrs, MaskTerm } from "@tenon/tensor";
import type { Plain } from "@tenon/tensor/testing";

import type { OpCall } from "../run-op.ts";
import { keyOf, pick, reals, shapeOf, truths, wholes, narrower, type Calls, type Draw } from "./draw.ts";

const norm =
  (vectors: number) =>
  (draw: Draw): OpCall => {
    const d = draw.size(1);
    const rest = Array.from({ length: vectors }, (_, i) => (i === 1 && draw.flag() ? undefined : reals(draw, [d])));
    return { inputs: [reals(draw, [...shapeOf(draw, 0, 3), d]), ...rest], attrs: { epsilon: 1e-3 } };
  };

/** The call of a norm, of a sum of two. */
const addNorm =
  (vectors: number) =>
  (draw: Draw): OpCall => {
    const { inputs, attrs } = norm(vectors)(draw);
    const [x, ...rest] = inputs as [Plain, ...(Plain | undefined)[]];
    return { inputs: [x, reals(draw, x.shape), ...rest], attrs };
  };

function linear(draw: Draw): OpCall {
  const [input, output] = [draw.size(), draw.size(1)];
  const bias = draw.flag() ? reals(draw, [output]) : undefined;
  return { inputs: [reals(draw, [...shapeOf(draw, 0, 3), input]), reals(draw, [output, input]), bias], attrs: {} };
}
const activations = ["relu", "gelu", "geluTanh", "silu", "sigmoid", "tanh", "squaredRelu", "softplus"] as const;

/** The inputs and attributes of an attention. */
interface Attention {
  readonly inputs: readonly (Plain | undefined)[];
  readonly attrs: AttentionAttrs;
}

/** Keys and values with free capacity, any mask, bias, sinks, grouped heads. */
function attention(draw: Draw): Attention {
  const [b, t, k, width] = [draw.integer(1, 2), draw.size(1), draw.size(1), draw.size(1)];
  const [keyHeads, group] = [draw.integer(1, 2), draw.integer(1, 3)];
  const h = keyHeads * group;
  const keyLength = draw.size(1);
  const capacity = keyLength + draw.integer(0, 3);
  const tensors: Plain[] = [];
  const mask: MaskTerm[] = [];
  if (draw.flag()) mask.push({ kind: "causal" });
  if (draw.integer(0, 3) === 0) mask.push({ kind: "window", size: draw.integer(1, 5) });
  if (draw.integer(0, 3) === 0) {
    mask.push({ kind: "lengths", input: tensors.length });
    tensors.push(wholes(draw, [b], 0, keyLength + 1));
  }
  if (draw.integer(0, 3) === 0) {
    mask.push({ kind: "interval", input: tensors.length });
    tensors.push(wholes(draw, [draw.flag() ? b : 1, t, 2], -1, keyLength + 2));
  }
  if (draw.integer(0, 3) === 0) {
    mask.push({ kind: "dense", input: tensors.length });
    tensors.push(truths(draw, narrower(draw, [b, h, t, keyLength])));
  }
  return {
    inputs: [
      reals(draw, [b, h, t, k]),
      reals(draw, [b, keyHeads, capacity, k]),
      reals(draw, [b, keyHeads, capacity, width]),
      draw.integer(0, 2) === 0 ? reals(draw, narrower(draw, [b, h, t, keyLength])) : undefined,
      draw.integer(0, 2) === 0 ? reals(draw, [h]) : undefined,
      ...tensors,
    ],
    attrs: {
      scale: 0.5,
      mask,
      queryOffset: draw.integer(0, Math.max(0, keyLength - t)),
      keyLength,
      softCap: draw.integer(0, 3) === 0 ? 4 : null,
    },
  };
}

/** What goes back through an attention; its output need not be what attention gives for the rest. */
function attentionGradient(draw: Draw): OpCall {
  const { inputs, attrs } = attention(draw);
  const [q, k, v, bias, sinks, ...masks] = inputs as [Plain, Plain, Plain, Plain | undefined, Plain | undefined];
  const shape = [...q.shape.slice(0, 3), v.shape[3]!];
  return { inputs: [q, k, v, bias, sinks, reals(draw, shape), reals(draw, shape), ...masks], attrs };
}

function matmul(draw: Draw): OpCall {
  const [batch, m, p, n] = [shapeOf(draw, 0, 2), draw.size(), draw.size(), draw.size()];
  const [transposeA, transposeB] = [draw.flag(), draw.flag()];
  return {
    inputs: [
      reals(draw, [...batch, ...(transposeA ? [p, m] : [m, p])]),
      reals(draw, [...batch, ...(transposeB ? [n, p] : [p, n])]),
    ],
    attrs: { transposeA, transposeB },
  };
}

function conv2d(draw: Draw): OpCall {
  const [groups, each, output] = [draw.integer(1, 2), draw.integer(1, 3), draw.integer(1, 3)];
  const kernel = [draw.integer(1, 3), draw.integer(1, 3)] as const;
  const dilation = [draw.integer(1, 2), draw.integer(1, 2)] as const;
  const padding = [draw.integer(0, 2), draw.integer(0, 2)] as const;
  const image = ([0, 1] as const).map((i) => (kernel[i] - 1) * dilation[i] + 1 + draw.size());
  const stride = [draw.integer(1, 3), draw.integer(1, 3)] as const;
  return {
    inputs: [
      reals(draw, [draw.integer(0, 2), groups * each, ...image]),
      reals(draw, [groups * output, each, ...kernel]),
      draw.flag() ? reals(draw, [groups * output]) : undefined,
    ],
    attrs: { stride, padding, dilation, groups },
  };
}

/** Levels [rows, columns] and a scale for each group of a row. */
function quantized(draw: Draw, rows: number): { levels: Plain; scales: Plain; columns: number } {
  const four = draw.flag();
  const group = 2 * draw.integer(1, 4);
  const groups = draw.size(1);
  const columns = groups * group;
  const levels = wholes(draw, [rows, columns], four ? -8 : -127, four ? 8 : 128);
  return { levels: { ...levels, dtype: four ? "q4" : "q8" }, scales: reals(draw, [rows, groups]), columns };
}

/** Random calls of the ops that models are made of. */
export const modelCalls: Calls<
  | "matmul"
  | "linear"
  | "linearActivation"
  | "layerNorm"
  | "rmsNorm"
  | "addLayerNorm"
  | "addRmsNorm"
  | "layerNormGradient"
  | "rope"
  | "attention"
  | "attentionGradient"
  | "conv2d"
  | "dequantize"
  | "quantizedLinear"
  | "quantizedEmbedding"
  | "dropout"
> = {
  matmul,
  linear,
  linearActivation: (draw) => ({ ...linear(draw), attrs: { activation: pick(draw, activations) } }),
  layerNorm: norm(2),
  rmsNorm: norm(1),
  addLayerNorm: addNorm(2),
  addRmsNorm: addNorm(1),
  layerNormGradient: (draw) => {
    const { inputs, attrs } = norm(1)(draw);
    return { inputs: [...inputs, reals(draw, (inputs[0] as Plain).shape)], attrs };
  },
  rope: (draw) => {
    const [t, half, rest] = [draw.size(), draw.size(1), draw.integer(0, 3)];
    const x = reals(draw, [...shapeOf(draw, 0, 2), t, 2 * half + rest]);
    return { inputs: [x, reals(draw, [t, half]), reals(draw, [t, half])], attrs: {} };
  },
  attention: (draw) => attention(draw),
  attentionGradient,
  conv2d,
  dequantize: (draw) => {
    const { levels, scales } = quantized(draw, draw.size());
    return { inputs: [levels, scales], attrs: {} };
  },
  quantizedLinear: (draw) => {
    const output = draw.size(1);
    const { levels, scales, columns } = quantized(draw, output);
    const x = reals(draw, [...shapeOf(draw, 0, 2), columns]);
    return { inputs: [x, levels, scales, draw.flag() ? reals(draw, [output]) : undefined], attrs: {} };
  },
  quantizedEmbedding: (draw) => {
    const rows = draw.size(1);
    const { levels, scales } = quantized(draw, rows);
    return { inputs: [levels, scales, wholes(draw, shapeOf(draw, 0, 2), 0, rows)], attrs: {} };
  },
  dropout: (draw) => ({
    inputs: [reals(draw, shapeOf(draw))],
    attrs: { rate: pick(draw, [0, 0.1, 0.5]), key: keyOf(draw), counter: draw.integer(0, 999) },
  }),
};
