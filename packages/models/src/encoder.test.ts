import { cpu, type Backend } from "@tenon/tensor";
import { expect, test } from "vitest";

import { expectClose, filled, refusal, someIds, upload, weightsOf, whole } from "../test/models.ts";
import { added, affine, attention, geluByErf, layerNorm, lookedUp, mapped, type Rows } from "../test/reference.ts";
import { bert } from "./presets.ts";

const [width, layers, heads, context, vocabulary] = [15, 2, 3, 7, 19];
const spec = bert({ vocabulary, context, width, layers, heads, segments: 3 });
const backends: readonly (readonly [name: string, on: Backend, tolerance: number])[] = [
  ["in double precision", cpu({ precision: "f64" }), 1e-13],
  ["in single precision", cpu(), 1e-5],
  ["in single precision, every op composed", cpu({ fused: false }), 1e-5],
];

const ids = someIds(vocabulary, 2 * context);
const segments = someIds(3, 2 * context, 2);
const lengths = [context, 4];

/** The vectors of one sequence, of which the first `length` positions are seen. */
function encoded(w: (path: string) => Float64Array, row: number, length: number): Rows {
  const here = <T>(all: readonly T[]): T[] => all.slice(row * context, (row + 1) * context);
  const norm = (y: Rows, path: string): Rows => layerNorm(y, w(`${path}.weight`), w(`${path}.bias`), 1e-12);
  const map = (y: Rows, path: string): Rows => affine(y, w(`${path}.weight`), w(`${path}.bias`));
  const tokens = lookedUp(w("embedding.tokens.table"), width, here(ids));
  const positions = lookedUp(w("embedding.position.table"), width, [...Array(context).keys()]);
  const kinds = lookedUp(w("embedding.segments.table"), width, here(segments));
  let x = norm(added(added(tokens, positions), kinds), "embedding.norm");
  for (let layer = 0; layer < layers; layer++) {
    const block = `blocks.${layer}`;
    const [query, key, value] = ["query", "key", "value"].map((name) => map(x, `${block}.attention.${name}`));
    const seen = attention([query!, key!, value!], width / heads, (_, s) => s < length);
    x = norm(added(x, map(seen, `${block}.attention.output`)), `${block}.attentionResidual.norm`);
    const hidden = mapped(map(x, `${block}.feedForward.up`), geluByErf);
    x = norm(added(x, map(hidden, `${block}.feedForward.down`)), `${block}.feedForwardResidual.norm`);
  }
  return x;
}

/** The logits of the head for masked words. */
function predicted(w: (path: string) => Float64Array, x: Rows): Rows {
  const y = mapped(affine(x, w("head.transform.weight"), w("head.transform.bias")), geluByErf);
  const z = layerNorm(y, w("head.norm.weight"), w("head.norm.bias"), 1e-12);
  return affine(z, w("embedding.tokens.table"), w("head.output.bias"));
}

test.each(backends)("bert agrees with plain loops over doubles, %s", async (_, on, tolerance) => {
  const model = await filled(spec, on);
  const w = await weightsOf(model);
  const rows = lengths.map((length, row) => encoded(w, row, length));
  const input = {
    lengths: whole(lengths, [2], on),
    segments: whole(segments, [2, context], on),
  };
  const vectors = model.encode(upload(ids, 2, on), input);
  expect(vectors.shape).toEqual([2, context, width]);
  expectClose(
    await vectors.read(),
    rows.flatMap((x) => x.flatMap((row) => [...row])),
    tolerance,
  );
  const logits = model.forward(upload(ids, 2, on), input);
  expect(logits.shape).toEqual([2, context, vocabulary]);
  expectClose(
    await logits.read(),
    rows.flatMap((x) => predicted(w, x).flatMap((row) => [...row])),
    tolerance,
  );
});

test("segments are 0 unless given, and refused by a model without them", async () => {
  const on = cpu();
  const model = await filled(spec, on);
  const x = upload(ids, 2, on);
  const zeros = whole(Array(2 * context).fill(0), [2, context], on);
  expect(await model.forward(x).read()).toEqual(await model.forward(x, { segments: zeros }).read());
  const plain = await filled({ ...spec, segments: 0 }, on);
  expect(plain.parameters().has("embedding.segments.table")).toBe(false);
  expect(refusal(() => plain.forward(x, { segments: zeros }))).toMatchInlineSnapshot(
    `"ConfigError: InputEmbedding: segments were given, but the model has no segment embedding; leave them out"`,
  );
});

test("the norm of the embeddings and the norm at the end are each the spec's to choose", async () => {
  const names = async (change: object): Promise<string[]> => {
    const model = await filled({ ...spec, ...change }, cpu());
    return [...model.parameters().keys()].filter((path) => /^(embedding\.)?norm\.weight$/.test(path));
  };
  const ended = { residual: { kind: "post-norm", finalNorm: true } };
  expect(await names({})).toEqual(["embedding.norm.weight"]);
  expect(await names(ended)).toEqual(["embedding.norm.weight", "norm.weight"]);
  expect(await names({ ...ended, embeddingNorm: false })).toEqual(["norm.weight"]);
  expect(await names({ residual: { kind: "pre-norm" }, embeddingNorm: false })).toEqual(["norm.weight"]);
});

test("more tokens than the context and ids of another shape are refused", async () => {
  const on = cpu();
  const model = await filled(spec, on);
  expect(refusal(() => model.forward(upload(ids.slice(0, 8), 1, on)))).toMatchInlineSnapshot(
    `"ConfigError: 8 tokens, but this model's context is 7. Shorten the text, or assemble a model with a larger context."`,
  );
  expect(refusal(() => model.encode(whole([1, 2], [2], on)))).toMatchInlineSnapshot(
    `"ShapeError: ids must be [b, t], got [2]"`,
  );
  expect([model.vocabulary, model.context, model.backend]).toEqual([vocabulary, context, on]);
});
