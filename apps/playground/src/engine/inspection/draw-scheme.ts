import { Extent, RelativePosition, RotaryPosition } from "@tenon/positional";
import type { AttentionPosition, EmbeddingPosition } from "@tenon/positional";
import { add, div, matmul, mul, ones, Scope, sqrt, sum, transpose, zeros } from "@tenon/tensor";

import { floatsOf } from "./floats-of.ts";
import type { DistanceBias, EmbeddedPositions, RotationDrawing, SchemeDrawing, SchemeRequest } from "./scheme-data.ts";
import { type SchemeParts, schemePartsOf } from "./scheme-parts.ts";
import type { Inspected } from "./subject.ts";

/** What a position scheme does, asked of the parts themselves. */
export async function drawScheme(model: Inspected, request: SchemeRequest): Promise<SchemeDrawing> {
  using parts = await schemePartsOf(model, request);
  const { kind, length, causal, embedding, attention } = parts;
  return {
    kind,
    length,
    causal,
    vectors: embedding && (await vectorsOf(embedding, parts)),
    bias: attention && (await biasOf(attention, parts)),
    rotation: attention instanceof RotaryPosition ? await rotationOf(attention, parts) : undefined,
  };
}

/** The vectors of the positions, and the cosines of the angles between them. */
async function vectorsOf(embedding: EmbeddingPosition, { length, backend }: SchemeParts): Promise<EmbeddedPositions> {
  using scope = new Scope();
  const [table, similarity] = scope.run(() => {
    const table = embedding.embed(new Extent({ offset: 0, length, backend })); // [t, d]
    // A vector of zeros has no direction: it is then as far from all.
    const norms = add(sqrt(sum(mul(table, table), -1, { keepDims: true })), 1e-12);
    const directions = div(table, norms);
    return [table, matmul(directions, transpose(directions))] as const;
  });
  return { width: table.shape[1]!, table: await floatsOf(table), similarity: await floatsOf(similarity) };
}

/** What is added to the scores: of the last query, and in an encoder of the first one too, which has all keys ahead. */
async function biasOf(attention: AttentionPosition, parts: SchemeParts): Promise<DistanceBias | undefined> {
  const { length, backend, heads, queryWidth, causal } = parts;
  using scope = new Scope();
  const bias = scope.run(() => {
    const at = attention.at(new Extent({ offset: 0, length, backend }));
    if (at.bias === undefined) return undefined;
    const queries = ones([1, heads, length, queryWidth], backend);
    const region = { firstQuery: 0, queries: length, firstKey: 0, keys: length };
    return add(at.bias(queries, region, queryWidth ** -0.5), zeros([1, heads, length, length], backend));
  });
  if (bias === undefined) return undefined;
  const all = await floatsOf(bias);
  const distances = Array.from({ length: causal ? length : 2 * length - 1 }, (_, i) => i - (length - 1));
  const values = Float32Array.from({ length: heads * distances.length }, (_, i) => {
    const [head, distance] = [Math.floor(i / distances.length), distances[i % distances.length]!];
    const [query, key] = distance <= 0 ? [length - 1, length - 1 + distance] : [0, distance];
    return all[(head * length + query) * length + key]!;
  });
  return { heads, distances, values, ofQueries: attention instanceof RelativePosition };
}

/** How pairs turn, and what becomes of the score of two vectors of ones as they move apart. */
async function rotationOf(rotary: RotaryPosition, { length, backend }: SchemeParts): Promise<RotationDrawing> {
  const { frequencies, attentionFactor } = rotary.rotation(length);
  using scope = new Scope();
  const products = scope.run(() => {
    const { rotate } = rotary.at(new Extent({ offset: 0, length, backend }));
    const turned = rotate(ones([1, 1, length, rotary.width], backend));
    return matmul(turned, transpose(turned)); // [1, 1, t, t]
  });
  const scores = (await floatsOf(products)).slice(0, length); // those of the first position
  return {
    frequencies,
    attentionFactor,
    cosines: Float32Array.from({ length: length * frequencies.length }, (_, i) =>
      Math.cos(Math.floor(i / frequencies.length) * frequencies[i % frequencies.length]!),
    ),
    scores: scores.map((score) => score / scores[0]!),
  };
}
