// The workloads as ONNX graphs.
import { spreadOf, values } from "../data.ts";
import type { Decoder, Encoder, Inference, Matmul, Precision, Sizes } from "../workloads.ts";
import { Graph, microsoft, type Model } from "./graph.ts";
import { LinearLayers, type Weights } from "./linear-layer.ts";

export function onnxModel(workload: Inference, precision: Precision): Model {
  if (workload.kind === "matmul") return product(workload);
  return workload.kind === "encoder" ? encoder(workload, precision) : decoder(workload, precision);
}

function product({ batch, m, n, k, constant }: Matmul): Model {
  const graph = new Graph();
  const of = (rows: number, columns: number): number[] => (constant ? [rows, columns] : [batch, rows, columns]);
  const a = graph.input("a", "f32", of(m, k));
  const b = constant
    ? graph.constant("b", values("b", k * n, { amplitude: 1 }), [k, n])
    : graph.input("b", "f32", of(k, n));
  graph.addNamed("MatMul", [a, b], ["c"]);
  graph.output("c", "f32", of(m, n));
  return graph.model();
}

/** What both models are made of. */
class Builder {
  readonly graph: Graph = new Graph();
  readonly sizes: Sizes;
  readonly #linear: LinearLayers;
  readonly #epsilon: number;

  constructor(sizes: Sizes, precision: Precision, epsilon: number) {
    this.sizes = sizes;
    this.#linear = new LinearLayers(this.graph, precision);
    this.#epsilon = epsilon;
  }

  values(path: string, shape: readonly number[]): Float32Array {
    return values(
      path,
      shape.reduce((x, y) => x * y, 1),
      spreadOf(path, shape),
    );
  }

  table(path: string, rows: number): string {
    const shape = [rows, this.sizes.width];
    return this.graph.constant(path, this.values(path, shape), shape);
  }

  weights(path: string, input: number, out: number): Weights {
    return { weight: this.values(`${path}.weight`, [out, input]), bias: this.values(`${path}.bias`, [out]), out };
  }

  linear(name: string, x: string, weights: Weights): string {
    return this.#linear.add(name, x, weights);
  }

  norm(path: string, x: string): string {
    const shape = [this.sizes.width];
    const [weight, bias] = [`${path}.weight`, `${path}.bias`].map((name) =>
      this.graph.constant(name, this.values(name, shape), shape),
    ) as [string, string];
    return this.graph.add("LayerNormalization", [x, weight, bias], { axis: -1, epsilon: { float: this.#epsilon } });
  }

  feedForward(path: string, x: string, approximate: "none" | "tanh"): string {
    const { width } = this.sizes;
    const up = this.linear(`${path}.up`, x, this.weights(`${path}.up`, width, 4 * width));
    const hidden = this.graph.add("Gelu", [up], { approximate });
    return this.linear(`${path}.down`, hidden, this.weights(`${path}.down`, 4 * width, width));
  }
}

function encoder({ tokens, ...sizes }: Encoder, precision: Precision): Model {
  const to = new Builder(sizes, precision, 1e-12);
  const { graph } = to;
  const { width, layers, heads, vocabulary, context } = sizes;
  const ids = graph.input("input_ids", "i64", ["batch", "tokens"]);
  const positions = graph.constant(
    "positions",
    BigInt64Array.from({ length: tokens }, (_, i) => BigInt(i)),
    [tokens],
  );
  const first = graph.constant("first", BigInt64Array.of(0n), [1]);
  const found = graph.add("Gather", [to.table("embedding.tokens.table", vocabulary), ids]);
  const placed = graph.add("Gather", [to.table("embedding.position.table", context), positions]);
  const segment = graph.add("Gather", [to.table("embedding.segments.table", 2), first]);
  let x = to.norm("embedding.norm", graph.add("Add", [graph.add("Add", [found, placed]), segment]));
  for (let layer = 0; layer < layers; layer++) {
    const at = `blocks.${layer}`;
    const project = (name: string, from: string): string =>
      to.linear(`${at}.attention.${name}`, from, to.weights(`${at}.attention.${name}`, width, width));
    const projected = ["query", "key", "value"].map((name) => project(name, x));
    const attended = graph.add("MultiHeadAttention", projected, { num_heads: heads }, microsoft);
    const middle = to.norm(`${at}.attentionResidual.norm`, graph.add("Add", [x, project("output", attended)]));
    const added = graph.add("Add", [middle, to.feedForward(`${at}.feedForward`, middle, "none")]);
    x = to.norm(`${at}.feedForwardResidual.norm`, added);
  }
  graph.addNamed("Identity", [x], ["last_hidden_state"]);
  graph.output("last_hidden_state", "f32", ["batch", "tokens", width]);
  return graph.model();
}

function decoder({ past, ...sizes }: Decoder, precision: Precision): Model {
  const to = new Builder(sizes, precision, 1e-5);
  const { graph } = to;
  const { width, layers, heads, vocabulary, context } = sizes;
  const ids = graph.input("input_ids", "i64", [1, 1]);
  const place = graph.constant("place", BigInt64Array.of(BigInt(past)), [1]);
  const table = to.values("embedding.tokens.table", [vocabulary, width]);
  const known = graph.constant("embedding.tokens.table", table, [vocabulary, width]);
  let x = graph.add("Add", [
    graph.add("Gather", [known, ids]),
    graph.add("Gather", [to.table("embedding.position.table", context), place]),
  ]);
  for (let layer = 0; layer < layers; layer++) {
    const at = `blocks.${layer}`;
    const normed = to.norm(`${at}.attentionResidual.norm`, x);
    // GPT-2's checkpoints have the three projections in one.
    const parts = ["query", "key", "value"].map((name) => to.weights(`${at}.attention.${name}`, width, width));
    const all = to.linear(`${at}.attention.projections`, normed, {
      weight: joined(parts.map(({ weight }) => weight)),
      bias: joined(parts.map(({ bias }) => bias!)),
      out: 3 * width,
    });
    const projected = ["query", "key", "value"].map((name) => `${at}.${name}`);
    graph.addNamed("Split", [all], projected, { axis: -1, num_outputs: 3 });
    const shape = [1, heads, past, width / heads];
    const pasts = ["key", "value"].map((name) => graph.input(`past.${layer}.${name}`, "f32", shape));
    const presents = ["key", "value"].map((name) => `present.${layer}.${name}`);
    graph.addNamed(
      "MultiHeadAttention",
      [...projected, "", "", "", ...pasts],
      [`${at}.attended`, ...presents],
      { num_heads: heads },
      microsoft,
    );
    for (const name of presents) graph.output(name, "f32", [1, heads, past + 1, width / heads]);
    const output = to.linear(
      `${at}.attention.output`,
      `${at}.attended`,
      to.weights(`${at}.attention.output`, width, width),
    );
    const middle = graph.add("Add", [x, output]);
    const fed = to.feedForward(`${at}.feedForward`, to.norm(`${at}.feedForwardResidual.norm`, middle), "tanh");
    x = graph.add("Add", [middle, fed]);
  }
  const logits = to.linear("head", to.norm("norm", x), { weight: table, bias: undefined, out: vocabulary });
  graph.addNamed("Identity", [logits], ["logits"]);
  graph.output("logits", "f32", [1, 1, vocabulary]);
  return graph.model();
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
