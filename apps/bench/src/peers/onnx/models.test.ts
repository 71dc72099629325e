import { expect, test } from "vitest";

import type { Decoder, Encoder, Inference, Matmul } from "../workloads.ts";
import type { Model } from "./graph.ts";
import { symmetric } from "./linear-layer.ts";
import { onnxModel } from "./models.ts";

const sizes = { vocabulary: 11, context: 9, width: 8, layers: 2, heads: 2 };
const matmul: Matmul = { kind: "matmul", name: "m", precision: "f32", batch: 3, m: 2, n: 4, k: 5, constant: false };
const encoder: Encoder = { kind: "encoder", name: "e", precision: "f32", batch: 2, tokens: 3, ...sizes };
const decoder: Decoder = { kind: "decoder", name: "d", precision: "f32", past: 4, ...sizes };

const count = ({ graph }: Model, opType: string): number => graph.node.filter((node) => node.opType === opType).length;

test.each<[string, Inference]>([
  ["product", matmul],
  ["product with a weight", { ...matmul, batch: 1, constant: true }],
  ["encoder", encoder],
  ["decoder", decoder],
])("%s: each node uses what was there before, and everything that is there is used", (_, workload) => {
  for (const precision of ["f32", "8-bit"] as const) {
    const { graph } = onnxModel(workload, precision);
    const known = new Set([...graph.input, ...graph.initializer].map(({ name }) => name));
    expect(known.size).toBe(graph.input.length + graph.initializer.length);
    const used = new Set(graph.output.map(({ name }) => name));
    for (const { opType, input, output } of graph.node) {
      for (const name of input.filter((each) => each !== "")) {
        expect(known, `${opType} takes ${name}`).toContain(name);
        used.add(name);
      }
      for (const name of output) {
        expect(known).not.toContain(name);
        known.add(name);
      }
    }
    expect([...known].filter((name) => !used.has(name))).toEqual([]);
    for (const { name, dims, rawData, dataType } of graph.initializer) {
      const bytes = { 1: 4, 3: 1, 7: 8 }[dataType]!;
      expect(rawData.length, name).toBe(dims.reduce((x, y) => x * y, 1) * bytes);
    }
  }
});

test("with 8 bits every linear map multiplies whole numbers, and activations that several share are rounded once", () => {
  const floats = onnxModel(encoder, "f32");
  expect([count(floats, "MatMul"), count(floats, "MatMulInteger")]).toEqual([12, 0]);
  const levels = onnxModel(encoder, "8-bit");
  expect([count(levels, "MatMul"), count(levels, "MatMulInteger")]).toEqual([0, 12]);
  // Of each layer: what queries, keys and values come from; what leaves attention; what enters and what leaves the feed-forward part.
  expect(count(levels, "DynamicQuantizeLinear")).toBe(8);
});

test("the decoder takes the keys and values of each layer, and gives them back with one more", () => {
  const { graph } = onnxModel(decoder, "f32");
  expect(graph.input.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["input_ids", "past.0.key", "past.1.value"]),
  );
  expect(graph.output.map(({ name }) => name)).toEqual([
    "present.0.key",
    "present.0.value",
    "present.1.key",
    "present.1.value",
    "logits",
  ]);
});

test("levels have one scale, and the largest value takes the largest level", () => {
  const { levels, scale } = symmetric(Float32Array.of(0, 0.5, -1.27, 0.006));
  expect(scale).toBeCloseTo(0.01, 8);
  expect(levels).toEqual(Int8Array.of(0, 50, -127, 1));
  expect(symmetric(new Float32Array(2))).toEqual({ levels: new Int8Array(2), scale: 0 });
});
