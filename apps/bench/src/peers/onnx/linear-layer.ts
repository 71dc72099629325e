import { turned } from "../data.ts";
import type { Precision } from "../workloads.ts";
import type { Graph } from "./graph.ts";

/** A layer's weight [out, in] and bias [out]. */
export interface Weights {
  readonly weight: Float32Array;
  readonly bias: Float32Array | undefined;
  readonly out: number;
}

/**
 * y = x Wᵀ + bias, as exporters write it. With 8 bits it is what onnxruntime's `quantize_dynamic` writes, and so what transformers.js ships as
 * q8: the activations are rounded to u8 as they come, the weight is i8 with one scale, and the runtime fuses the four steps.
 */
export class LinearLayers {
  readonly #graph: Graph;
  readonly #precision: Precision;
  /** Rounded activations: those that several layers share are rounded once. */
  readonly #rounded = new Map<string, readonly [levels: string, scale: string, zero: string]>();

  constructor(graph: Graph, precision: Precision) {
    this.#graph = graph;
    this.#precision = precision;
  }

  add(name: string, x: string, { weight, bias, out }: Weights): string {
    const graph = this.#graph;
    const width = weight.length / out;
    const dims = [width, out];
    const matrix = turned(weight, out, width);
    const product =
      this.#precision === "f32"
        ? graph.add("MatMul", [x, graph.constant(`${name}.weight`, matrix, dims)])
        : this.#wholeNumbers(name, x, matrix, dims);
    return bias === undefined ? product : graph.add("Add", [product, graph.constant(`${name}.bias`, bias, [out])]);
  }

  #wholeNumbers(name: string, x: string, matrix: Float32Array, dims: readonly number[]): string {
    const graph = this.#graph;
    const { levels, scale } = symmetric(matrix);
    const [rounded, xScale, xZero] = this.#round(x);
    const product = graph.add("MatMulInteger", [
      rounded,
      graph.constant(`${name}.levels`, levels, dims),
      xZero,
      graph.constant(`${name}.zero`, Int8Array.of(0), []),
    ]);
    const both = graph.add("Mul", [xScale, graph.constant(`${name}.scale`, Float32Array.of(scale), [])]);
    return graph.add("Mul", [graph.add("Cast", [product], { to: 1 }), both]);
  }

  #round(x: string): readonly [levels: string, scale: string, zero: string] {
    const known = this.#rounded.get(x);
    if (known !== undefined) return known;
    const names = [`${x}.levels`, `${x}.scale`, `${x}.zero`] as const;
    this.#graph.addNamed("DynamicQuantizeLinear", [x], names);
    this.#rounded.set(x, names);
    return names;
  }
}

/** Levels −127 … 127 with one scale for all. */
export function symmetric(values: Float32Array): { readonly levels: Int8Array; readonly scale: number } {
  let farthest = 0;
  for (const value of values) farthest = Math.max(farthest, Math.abs(value));
  const scale = Math.fround(farthest / 127);
  const levels = new Int8Array(values.length);
  if (scale > 0) for (let i = 0; i < values.length; i++) levels[i] = Math.round(values[i]! / scale);
  return { levels, scale };
}
