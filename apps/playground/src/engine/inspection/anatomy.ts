import { EncoderDecoder } from "@tenon/models";
import { patch } from "@tenon/nn";
import { scoped, type Shape } from "@tenon/tensor";

import type { Inspected, Subject } from "./subject.ts";
import type { Sublayer } from "./subject-data.ts";

/** A tap, at one of the times that it is passed: blocks that layers share are passed once for each layer. */
export interface Point {
  readonly tap: string;
  readonly pass: number;
}

/** How many heads an attention has, and where they can be seen. */
export interface AttentionPoints {
  readonly heads: number;
  /** The path of the attention. */
  readonly part: string;
  /** [b, h, t, s], or [b, t, s] of an attention without heads; undefined where none is formed. */
  readonly pattern: Point | undefined;
  /** What each head finds, [b, h, t, k]. */
  readonly found: Point | undefined;
}

/** One layer of a side. */
export interface Layer {
  readonly attention: AttentionPoints | undefined;
  readonly crossAttention: AttentionPoints | undefined;
  /** The residual stream [b, t, d], in order: what goes in, what is between the sublayers, what comes out. */
  readonly stream: readonly (Point & { readonly name: "input" | "middle" | "crossed" | "output" })[];
  /** What each sublayer adds to the stream, [b, t, d]. */
  readonly added: readonly (Point & { readonly sublayer: Sublayer })[];
}

/** A stack of layers over one sequence. */
export interface Side {
  readonly title: string;
  /** Whose tokens pass it. */
  readonly sequence: "main" | "source";
  readonly causal: boolean;
  readonly layers: readonly Layer[];
}

const known = new WeakMap<Inspected, readonly Side[]>();

/** The sides of a model with their layers and taps, the side that predicts last. Found out by one pass, and the same for every text. */
export function anatomyOf(subject: Subject): readonly Side[] {
  const { model } = subject;
  const before = known.get(model);
  if (before !== undefined) return before;
  const shapes = new Map<string, Shape>();
  scoped(() => {
    patch(model, { "**": (x, name) => (shapes.set(name, x.shape), x) }, () => subject.forward());
    return undefined;
  });
  const sides = sidesOf(model, shapes);
  known.set(model, sides);
  return sides;
}

/** The side whose tokens predict. */
export const mainSide = (subject: Subject): Side => anatomyOf(subject).at(-1)!;

function sidesOf(model: Inspected, shapes: ReadonlyMap<string, Shape>): readonly Side[] {
  if (model instanceof EncoderDecoder)
    return [
      { title: "Encoder", sequence: "source", causal: false, layers: layersOf(model, model.encoder.blocks, shapes) },
      { title: "Decoder", sequence: "main", causal: true, layers: layersOf(model, model.decoder.blocks, shapes) },
    ];
  const layers = layersOf(model, model.blocks, shapes);
  const causal = model.spec.kind === "decoder";
  return [{ title: causal ? "Decoder" : "Encoder", sequence: "main", causal, layers }];
}

function layersOf(model: Inspected, blocks: Iterable<object>, shapes: ReadonlyMap<string, Shape>): readonly Layer[] {
  const paths = new Map<object, string>([...model.parts()].map(([path, part]) => [part, path]));
  const passes = new Map<object, number>();
  return [...blocks].map((block) => {
    const pass = passes.get(block) ?? 0;
    passes.set(block, pass + 1);
    return layerOf(paths.get(block)!, pass, shapes);
  });
}

function layerOf(path: string, pass: number, shapes: ReadonlyMap<string, Shape>): Layer {
  const inside = [...shapes.keys()].filter((name) => name.startsWith(`${path}.`));
  const at = (tap: string): Point | undefined => (shapes.has(tap) ? { tap, pass } : undefined);
  const attentionAt = (name: string): AttentionPoints | undefined => {
    const part = `${path}.${name}`;
    const [pattern, found] = [at(`${part}.pattern`), at(`${part}.heads`)];
    if (pattern === undefined && found === undefined) return undefined;
    return { part, pattern, found, heads: found === undefined ? 1 : shapes.get(found.tap)![1]! };
  };
  const stream = (["input", "middle", "crossed", "output"] as const).flatMap((name) => {
    const point = at(`${path}.${name}`);
    return point === undefined ? [] : [{ ...point, name }];
  });
  // A scheme around another, such as stochastic depth, has its own name in between; "parallel" shows both sides before it adds them.
  const addedBy = (part: string, beside: string): Point | undefined => {
    const tap = inside.find((name) => name.startsWith(`${path}.${part}Residual.`) && name.endsWith(".added"));
    return at(tap ?? `${path}.${beside}`);
  };
  const added = (
    [
      ["attention", addedBy("attention", "attended")],
      ["cross-attention", addedBy("crossAttention", "")],
      ["feed-forward", addedBy("feedForward", "transformed")],
    ] as const
  ).flatMap(([sublayer, point]) => (point === undefined ? [] : [{ ...point, sublayer }]));
  return { attention: attentionAt("attention"), crossAttention: attentionAt("crossAttention"), stream, added };
}
