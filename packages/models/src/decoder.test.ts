import { cpu, type Backend } from "@tenon/tensor";
import { expect, test } from "vitest";

import { expectClose, filled, refusal, someIds, upload, weightsOf, whole } from "../test/models.ts";
import {
  added,
  affine,
  attention,
  geluByTanh,
  layerNorm,
  lookedUp,
  mapped,
  multiplied,
  rmsNorm,
  rotated,
  silu,
  type Rows,
} from "../test/reference.ts";
import { gpt, llama } from "./presets.ts";

const backends: readonly (readonly [name: string, on: Backend, tolerance: number])[] = [
  ["in double precision", cpu({ precision: "f64" }), 1e-13],
  ["in single precision", cpu(), 1e-5],
  ["in single precision, every op composed", cpu({ fused: false }), 1e-5],
];
const causal = (query: number, key: number): boolean => key <= query;

function gptReference(w: (path: string) => Float64Array, ids: readonly number[]): Rows {
  const [width, layers, headWidth] = [15, 2, 5];
  const positions = ids.map((_, position) => position);
  let x = added(
    lookedUp(w("embedding.tokens.table"), width, ids),
    lookedUp(w("embedding.position.table"), width, positions),
  );
  const norm = (y: Rows, path: string): Rows => layerNorm(y, w(`${path}.weight`), w(`${path}.bias`), 1e-5);
  const map = (y: Rows, path: string): Rows => affine(y, w(`${path}.weight`), w(`${path}.bias`));
  for (let layer = 0; layer < layers; layer++) {
    const block = `blocks.${layer}`;
    const y = norm(x, `${block}.attentionResidual.norm`);
    const [query, key, value] = ["query", "key", "value"].map((name) => map(y, `${block}.attention.${name}`));
    const heads = attention([query!, key!, value!], headWidth, causal);
    x = added(x, map(heads, `${block}.attention.output`));
    const hidden = map(norm(x, `${block}.feedForwardResidual.norm`), `${block}.feedForward.up`);
    x = added(x, map(mapped(hidden, geluByTanh), `${block}.feedForward.down`));
  }
  return affine(norm(x, "norm"), w("embedding.tokens.table"));
}

function llamaReference(w: (path: string) => Float64Array, ids: readonly number[]): Rows {
  const [width, layers, headWidth] = [36, 2, 6];
  let x = lookedUp(w("embedding.tokens.table"), width, ids);
  const norm = (y: Rows, path: string): Rows => rmsNorm(y, w(`${path}.weight`), 1e-5);
  const map = (y: Rows, path: string): Rows => affine(y, w(`${path}.weight`));
  for (let layer = 0; layer < layers; layer++) {
    const block = `blocks.${layer}`;
    const y = norm(x, `${block}.attentionResidual.norm`);
    const query = rotated(map(y, `${block}.attention.query`), headWidth, 10000);
    const key = rotated(map(y, `${block}.attention.key`), headWidth, 10000);
    const heads = attention([query, key, map(y, `${block}.attention.value`)], headWidth, causal);
    x = added(x, map(heads, `${block}.attention.output`));
    const z = norm(x, `${block}.feedForwardResidual.norm`);
    const gate = mapped(map(z, `${block}.feedForward.gate`), silu);
    x = added(x, map(multiplied(gate, map(z, `${block}.feedForward.up`)), `${block}.feedForward.down`));
  }
  return map(norm(x, "norm"), "output");
}

const sizes = { vocabulary: 17, context: 11, layers: 2 };
const gptSpec = gpt({ ...sizes, width: 15, heads: 3 });
const llamaSpec = llama({ ...sizes, width: 36, heads: 6, keyValueHeads: 2, hidden: 13 });
const cases = [
  ["gpt", gptSpec, gptReference],
  ["llama", llamaSpec, llamaReference],
] as const;

for (const [name, spec, reference] of cases) {
  test.each(backends)(`${name} agrees with plain loops over doubles, %s`, async (_, on, tolerance) => {
    const model = await filled(spec, on);
    const ids = someIds(17, 2 * 11);
    const w = await weightsOf(model);
    const expected = [...reference(w, ids.slice(0, 11)), ...reference(w, ids.slice(11))];
    const logits = model.forward(upload(ids, 2, on));
    expect(logits.shape).toEqual([2, 11, 17]);
    expectClose(
      await logits.read(),
      expected.flatMap((row) => [...row]),
      tolerance,
    );
  });
}

test("it tells what it is made for, and where it lives once it lives somewhere", async () => {
  const on = cpu();
  const model = await filled(gptSpec, on);
  expect([model.vocabulary, model.context, model.backend]).toEqual([17, 11, on]);
  expect(model.spec.tied).toBe(true);
});

test("more tokens than the context, ids of another shape and a full cache are refused, and leave no trace", async () => {
  const on = cpu();
  const model = await filled(gptSpec, on);
  const row = (length: number) => upload(someIds(17, length), 1, on);
  const [twelve, eleven, three, one] = [row(12), row(11), row(3), row(1)];
  const flat = whole([1, 2], [2], on);
  const none = whole([], [1, 0], on);
  using cache = model.cache();
  using small = model.cache(2);
  using _ = model.next(eleven, cache);
  const before = on.memory();
  expect(refusal(() => model.forward(twelve))).toMatchInlineSnapshot(
    `"ConfigError: 12 tokens, but this model's context is 11. Shorten the text, or assemble a model with a larger context."`,
  );
  expect(refusal(() => model.next(one, cache))).toMatchInlineSnapshot(
    `"ConfigError: 12 tokens (11 of them in the cache), but this model's context is 11. Shorten the text, or assemble a model with a larger context."`,
  );
  expect(refusal(() => model.next(three, small))).toMatchInlineSnapshot(
    `"ShapeError: FixedCache: 0 of 2 positions are filled, and 3 more do not fit. Make the cache with a larger capacity, reset() it, or shorten the text."`,
  );
  expect(refusal(() => model.cache(0))).toMatchInlineSnapshot(
    `"ConfigError: FixedCache: capacity must be a whole number from 1 up, got 0"`,
  );
  expect(refusal(() => model.forward(flat))).toMatchInlineSnapshot(`"ShapeError: ids must be [b, t], got [2]"`);
  expect(refusal(() => model.forward(none))).toMatchInlineSnapshot(
    `"ShapeError: ids [1, 0] hold no token; a forward pass needs at least one in each row"`,
  );
  expect([cache.length, small.length]).toEqual([11, 0]);
  expect(on.memory()).toEqual(before);
});
