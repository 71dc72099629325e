import { cast, mul, Scope, sqrt, stack, sum, type Tensor } from "@tenon/tensor";

import { anatomyOf, type Layer, type Point, type Side } from "./anatomy.ts";
import { seen } from "./at-points.ts";
import { floatsOf } from "./floats-of.ts";
import type { StreamNorms, StreamPlace } from "./stream-data.ts";
import type { Subject } from "./subject.ts";

/** How long the residual stream is at every place and token, what sublayers add to it, and how spread the attention of the heads is. */
export async function streamNorms(subject: Subject): Promise<readonly StreamNorms[]> {
  const found: StreamNorms[] = [];
  for (const side of anatomyOf(subject)) found.push(await normsOf(subject, side));
  return found;
}

async function normsOf(subject: Subject, side: Side): Promise<StreamNorms> {
  const { model } = subject;
  const places = placesOf(side.layers);
  const additions = side.layers.flatMap(({ added }, layer) => added.map((point) => ({ ...point, layer })));
  const patterns = side.layers.map(({ attention }) => attention?.pattern);
  const inOrder = [...places, ...additions, ...patterns.filter((point) => point !== undefined)];
  using scope = new Scope();
  const { lengths, spreads } = scope.run(() => {
    const { tensors } = seen(model, inOrder, () => subject.forward());
    const streams = tensors.slice(0, places.length + additions.length);
    return { lengths: stack(streams.map(lengthOf), 0), spreads: tensors.slice(streams.length) };
  });
  const values = await floatsOf(lengths); // [places + additions, 1, t]
  const border = (places.length * values.length) / (places.length + additions.length);
  const entropies = await Promise.all(
    spreads.map(async (pattern) => meanEntropies(await floatsOf(pattern), pattern.shape)),
  );
  return {
    title: side.title,
    sequence: side.sequence,
    places: places.map(({ title, depth }) => ({ title, depth })),
    norms: values.slice(0, border),
    additions: additions.map(({ layer, sublayer }) => ({ layer, sublayer })),
    added: values.slice(border),
    entropies: patterns.map((point) => (point === undefined ? undefined : entropies.shift())),
  };
}

/** What goes into the first layer, and then what every layer has between its sublayers and at its end: the end of one is the beginning of the next. */
function placesOf(layers: readonly Layer[]): readonly (Point & StreamPlace)[] {
  return layers.flatMap(({ stream }, layer) => {
    const inside = stream.filter(({ name }) => name !== "input" || layer === 0);
    const steps = stream.length - 1;
    return inside.map(({ tap, pass, name }) => ({
      tap,
      pass,
      title: name === "input" ? "embeddings" : `layer ${layer}, ${titles[name]}`,
      depth: layer + stream.findIndex((point) => point.name === name) / steps,
    }));
  });
}

const titles = { middle: "after attention", crossed: "after cross-attention", output: "end" } as const;

/** The Euclidean length of each vector: [1, t, d] → [1, t]. */
function lengthOf(x: Tensor): Tensor {
  const wide = cast(x, "f32");
  return sqrt(sum(mul(wide, wide), -1));
}

/** −Σ p ln p of each query's weights, averaged over the queries: [1, h, t, s] → h numbers. */
function meanEntropies(pattern: Float32Array, shape: readonly number[]): Float32Array {
  const [t, s] = shape.slice(-2) as [number, number];
  const means = new Float32Array(pattern.length / (t * s));
  for (const [i, weight] of pattern.entries())
    if (weight > 0) means[Math.floor(i / (t * s))]! -= (weight * Math.log(weight)) / t;
  return means;
}
