import type { Decoder } from "../decoder.ts";
import type { EncoderDecoder } from "../encoder-decoder/encoder-decoder.ts";
import type { Encoder } from "../encoder.ts";
import type { ImageEncoder } from "../image/image-encoder.ts";
import type { Kinds } from "../kinds/registry.ts";
import type { DecoderSpec, EncoderDecoderSpec, EncoderSpec, ImageEncoderSpec, PartSpec } from "../spec.ts";
import { vectorsOf } from "../image/vectors-of.ts";
import { Boxes } from "./boxes.ts";
import type { Box, Sketch } from "./sketch.ts";
import { blocksSketch, embeddingSketch, type SketchedStack } from "./stack-sketch.ts";

/** What can be drawn. */
export type Drawn = Decoder | Encoder | EncoderDecoder | ImageEncoder;

/** What a model's forward pass goes through, from ids or images to what it gives. */
export function sketchOf(model: Drawn, kinds: Kinds): Sketch[] {
  const { spec } = model;
  const boxes = new Boxes(model);
  if (spec.kind === "encoder-decoder") return twoStacks(spec, boxes, kinds);
  const after = boxes.children().filter((name) => !["embedding", "blocks"].includes(name));
  const begin =
    spec.kind === "image-encoder"
      ? patches(spec, boxes)
      : [{ flow: "ids [b, t]" }, ...embeddingSketch(boxes, ""), { flow: `[b, t, ${spec.width}]` }];
  return [
    ...begin,
    blocksSketch({ at: "", spec }, boxes, kinds),
    ...after.flatMap((name) => tail(boxes, name, spec).map((box) => ({ box }))),
    { flow: resultOf(spec) },
  ];
}

/** An image becomes a vector for each patch, behind that of the class token. */
function patches({ image, patch, channels, width }: ImageEncoderSpec, boxes: Boxes): Sketch[] {
  const position = "embedding.position";
  return [
    { flow: `images [b, ${channels}, ${image.join(", ")}]` },
    { box: { ...boxes.part("embedding", "embedding", { kind: "patches", patch }), saidBy: "patch" } },
    ...(boxes.has(position) ? [{ added: { ...boxes.part(position, "embedding"), saidBy: "position" } }] : []),
    { flow: `[b, ${vectorsOf({ image, patch })}, ${width}]` },
  ];
}

/** The encoder, down to the memory, and below it the decoder, whose blocks look at that. */
function twoStacks(spec: EncoderDecoderSpec, boxes: Boxes, kinds: Kinds): Sketch[] {
  const { encoder, decoder, width, vocabulary } = spec;
  const depths = { encoder: encoder.layers, decoder: decoder.layers };
  const memory = `memory [b, s, ${width}]`;
  const stack = (name: "encoder" | "decoder", length: string, more: Partial<SketchedStack>): Sketch[] => {
    const at = `${name}.`;
    const isShared = name === "decoder" && spec.sourceVocabulary === undefined;
    const shared = isShared ? "encoder.embedding.tokens" : undefined;
    return [
      ...embeddingSketch(boxes, at, shared),
      { flow: `[b, ${length}, ${width}]` },
      blocksSketch({ at, spec: spec[name], side: { name, depths }, ...more }, boxes, kinds),
      ...(boxes.has(`${at}norm`) ? [{ box: { ...boxes.part(`${at}norm`, "norm"), saidBy: `${at}norm` } }] : []),
    ];
  };
  return [
    { flow: "source ids [b, s]" },
    ...stack("encoder", "s", {}),
    { flow: memory },
    { flow: "target ids [b, t]", begins: true },
    ...stack("decoder", "t", { memory }),
    ...tail(boxes, "output", spec).map((box) => ({ box })),
    { flow: `logits [b, t, ${vocabulary}]` },
  ];
}

/** What comes out. A head of one's own may give anything. */
function resultOf(spec: DecoderSpec | EncoderSpec | ImageEncoderSpec): string {
  if (spec.kind === "image-encoder") {
    const { head, width } = spec;
    if (head.kind === "none") return `[b, ${vectorsOf(spec)}, ${width}]`;
    return head.kind === "pooler" ? `[b, ${head.width ?? width}]` : `logits [b, ${head.labels}]`;
  }
  const logits = `logits [b, t, ${spec.vocabulary}]`;
  if (spec.kind === "decoder") return logits;
  const { kind, labels } = spec.head!;
  const results: Readonly<Record<string, string>> = {
    none: `[b, t, ${spec.width}]`,
    "masked-language": logits,
    "pre-training": logits,
    pooler: `[b, ${spec.width}]`,
    classification: `logits [b, ${labels as number}]`,
    "token-classification": `logits [b, t, ${labels as number}]`,
    sentence: "a vector for each sentence [b, …]",
  };
  return Object.hasOwn(results, kind) ? results[kind]! : "what the head gives";
}

/** What comes after the blocks. A part around an output comes after it. */
function tail(boxes: Boxes, path: string, spec: Drawn["spec"]): Box[] {
  const look = path === "norm" ? "norm" : "head";
  const inner = `${path}.output`;
  const wrapsOnly = boxes.isAround(path, inner);
  return wrapsOnly
    ? [...tail(boxes, inner, spec), { ...boxes.wrapper(path, "head"), saidBy: "logits" }]
    : [{ ...boxes.part(path, look, headOf(path, spec)), saidBy: saidBy(path) }];
}

/** The output shares the tokens' table or has a map of its own; what wraps it is said by "logits". */
const saidBy = (path: string): string => (path.startsWith("output") ? "tied" : path);

const headOf = (path: string, spec: Drawn["spec"]): PartSpec | undefined =>
  path === "head" && (spec.kind === "encoder" || spec.kind === "image-encoder") ? spec.head : undefined;
