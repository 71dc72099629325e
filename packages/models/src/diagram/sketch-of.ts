import type { Decoder } from "../decoder.ts";
import type { Encoder } from "../encoder.ts";
import type { Sublayers } from "../kinds/kind.ts";
import type { Kinds } from "../kinds/registry.ts";
import type { DecoderSpec, EncoderSpec, PartSpec } from "../spec.ts";
import { Boxes } from "./boxes.ts";
import { sketchOfBlock, type Box, type Look, type Sketch } from "./sketch.ts";
import type { Step } from "./wiring.ts";

const looks: Readonly<Record<keyof Sublayers, Look>> = {
  attention: "attention",
  crossAttention: "attention",
  feedForward: "feed-forward",
};

/** What a model's forward pass goes through, from ids to logits. */
export function sketchOf(model: Decoder | Encoder, kinds: Kinds): Sketch[] {
  const { spec } = model;
  const boxes = new Boxes(model);
  const after = boxes.children().filter((name) => !["embedding", "blocks"].includes(name));
  return [
    { flow: "ids [b, t]" },
    ...embedding(boxes),
    { flow: `[b, t, ${spec.width}]` },
    { frame: blocksOf(spec), inside: block(model, boxes, kinds) },
    ...after.flatMap((name) => tail(boxes, name, spec).map((box) => ({ box }))),
    { flow: resultOf(spec) },
  ];
}

function blocksOf({ layers, layerGroups }: DecoderSpec | EncoderSpec): string {
  const blocks = layers === 1 ? "1 block" : `${layers} blocks`;
  return layerGroups === undefined ? blocks : `${blocks} that share ${layerGroups} of parameters`;
}

/** What comes out. A head of one's own may give anything. */
function resultOf(spec: DecoderSpec | EncoderSpec): string {
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

function embedding(boxes: Boxes): Sketch[] {
  const [at, look] = ["embedding", "embedding"] as const;
  const added = ["position", "segments"].filter((name) => boxes.has(`${at}.${name}`));
  const applied = ["norm", "map"].filter((name) => boxes.has(`${at}.${name}`));
  return [
    { box: boxes.part(`${at}.tokens`, look) },
    ...added.map((name) => ({ added: boxes.part(`${at}.${name}`, look) })),
    ...applied.map((name) => ({ box: boxes.part(`${at}.${name}`, name === "norm" ? "norm" : look) })),
  ];
}

function block({ spec }: Decoder | Encoder, boxes: Boxes, kinds: Kinds): Sketch[] {
  const at = "blocks.0";
  const sublayer = (name: keyof Sublayers): Box =>
    boxes.part(`${at}.${name}`, looks[name], name === "crossAttention" ? undefined : spec[name]);
  const step = (steps: readonly Step[] = []): Box[] =>
    steps.map(({ label, part }) => {
      const path = part === undefined ? undefined : `${at}.${part}`;
      return label === undefined ? boxes.part(path ?? at, "norm") : boxes.step(label, path);
    });
  const wiring = kinds.wiring(spec.residual, spec);
  return wiring === undefined
    ? [{ box: boxes.part(at, "step", spec.residual) }]
    : sketchOfBlock(wiring, { step, sublayer });
}

/** What comes after the blocks. A part around an output comes after it. */
function tail(boxes: Boxes, path: string, spec: DecoderSpec | EncoderSpec): Box[] {
  const look = path === "norm" ? "norm" : "head";
  const inner = `${path}.output`;
  const wrapsOnly = boxes.isAround(path, inner);
  return wrapsOnly
    ? [...tail(boxes, inner, spec), boxes.wrapper(path, "head")]
    : [boxes.part(path, look, headOf(path, spec))];
}

const headOf = (path: string, spec: DecoderSpec | EncoderSpec): PartSpec | undefined =>
  path === "head" && spec.kind === "encoder" ? spec.head : undefined;
