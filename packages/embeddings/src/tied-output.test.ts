import { checkGradients, Embedding, Module } from "@tenon/nn";
import { cpu, crossEntropy, ids, random, reshape, tanh, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { TiedOutput } from "./tied-output.ts";
import { TokenEmbedding } from "./token-embedding.ts";

class Model extends Module<[ids: Tensor], Tensor> {
  readonly tokens: TokenEmbedding = new TokenEmbedding({ vocabulary: 5, width: 3, random: random(1) });
  readonly output: TiedOutput = new TiedOutput(this.tokens, { bias: true });
  protected override compute(ids: Tensor): Tensor {
    return this.output.forward(tanh(this.tokens.forward(ids)));
  }
}

test("the shared table is listed once, under the embedding", () => {
  const model = new Model();
  expect([...model.parameters().keys()]).toEqual(["tokens.table", "output.bias"]);
  expect(model.output.table).toBe(model.tokens.table);
});

test("logits are products with the rows of the table", async () => {
  const on = cpu();
  const embedding = await new Embedding({ count: 3, width: 2, random: random(1) }).to(on);
  embedding.table.assign(Float32Array.of(1, 0, 0, 1, 2, 3));
  const output = new TiedOutput(embedding);
  const logits = output.forward(tensor([5, 7], [1, 1, 2], on));
  expect(logits.shape).toEqual([1, 1, 3]);
  expect(await logits.read()).toEqual(Float32Array.of(5, 7, 31));
  expect(() => output.forward(tensor([1, 2, 3], [1, 1, 3], on))).toThrow("linear: x [1, 1, 3] with weight [3, 2]");
});

test("the gradient of the table has both of its uses", async () => {
  const on = cpu({ precision: "f64" });
  const model = await new Model().to(on);
  model.tokens.table.assign(Float64Array.from({ length: 15 }, (_, i) => Math.sin(i)));
  const [from, to] = [ids([1, 4, 1], [1, 3], on, { limit: 5 }), ids([4, 1, 0], [3], on, { limit: 5 })];
  await checkGradients(model, () => crossEntropy(reshape(model.forward(from), [3, 5]), to), { samples: 15 });
});
