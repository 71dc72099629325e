import { Stack, type Block, type Depths } from "@tenon/blocks";
import { InputEmbedding, ScaledEmbedding, SegmentEmbedding, TokenEmbedding } from "@tenon/embeddings";
import { Linear, type Norm } from "@tenon/nn";
import type { Random } from "@tenon/tensor";

import type { LayerSurroundings, Sublayers, Surroundings } from "./kinds/kind.ts";
import type { Kinds } from "./kinds/registry.ts";
import type { DecoderSpec, EncoderSpec, PartSpec } from "./spec.ts";

/** What decoders and encoders have in common, built from a checked spec. */
export interface Trunk {
  readonly tokens: TokenEmbedding;
  readonly embedding: InputEmbedding;
  /** From the width of the tokens' vectors to that of the stream, where they differ. */
  readonly map: Linear | undefined;
  readonly blocks: Stack;
  /** After the last block; undefined where the residual scheme asks for none. */
  readonly finalNorm: Norm | undefined;
  /** One more norm of the spec's kind, for what comes after the trunk. */
  readonly norm: (name: string, width?: number) => Norm;
  /** What a factory may ask about the model around a part of this name. */
  readonly around: (name: string) => Surroundings;
}

/** What makes a trunk one side of two. */
export interface Side {
  /** Where its parts stand in the spec. */
  readonly at: string;
  readonly depths: Depths;
  /** How its blocks look at the other side's result. Default: they do not. */
  readonly crossAttention?: PartSpec | undefined;
  /** Is the sum of the embeddings normalised? Default: as an encoder's spec says, and in no decoder. */
  readonly embeddingNorm?: boolean | undefined;
  /** The table of the other side. Default: it has one of its own. */
  readonly tokens?: TokenEmbedding | undefined;
}

/** Builds the trunk of a model, or of one side of it. Each part draws its initial values from a stream that is named for the part's place. */
export function buildTrunk(
  spec: DecoderSpec | EncoderSpec,
  kinds: Kinds,
  random: Random,
  {
    at = "spec",
    depths = { [spec.kind]: spec.layers },
    crossAttention,
    embeddingNorm = spec.kind === "encoder" && spec.embeddingNorm,
    tokens: shared,
  }: Partial<Side> = {},
): Trunk {
  const { vocabulary, width, context, layers, dropout } = spec;
  const heads = kinds.heads(spec.attention, { width });
  const around = (name: string, width = spec.width): Surroundings => ({
    width,
    context,
    causal: spec.kind === "decoder",
    attention: spec.attention,
    heads,
    random: random.fork(name),
  });
  const norm = (name: string, width?: number): Norm => kinds.build("norm", spec.norm, around(name, width), at);
  const narrow = spec.tokens?.width ?? width;
  const position = kinds.build("position", spec.position, { ...around("position"), tokenWidth: narrow }, at);
  const tokens = shared ?? new TokenEmbedding({ vocabulary, width: narrow, random: random.fork("tokens") });
  const map = narrow === width ? undefined : new Linear({ input: narrow, output: width, random: random.fork("map") });
  const segments = spec.kind === "encoder" ? spec.segments : 0;
  const newBlock = (layer: number): Block => {
    const name = `blocks.${layer}`;
    const inLayer = (part: string): LayerSurroundings => ({ ...around(`${name}.${part}`), layer, layers, depths });
    const withHeadNorm = (part: string) => ({
      ...inLayer(part),
      headNorm: (width: number) => norm(`${name}.${part}.headNorm`, width),
    });
    const attention = { ...withHeadNorm("attention"), position: position.attention?.(layer) };
    const sublayers: Sublayers = {
      attention: kinds.build("attention", spec.attention, attention, at),
      crossAttention:
        crossAttention && kinds.build("crossAttention", crossAttention, withHeadNorm("crossAttention"), at),
      feedForward: kinds.build("feedForward", spec.feedForward, inLayer("feedForward"), at),
    };
    const normAt = (place: string): Norm => norm(`${name}.${place}.norm`);
    return kinds.build("residual", spec.residual, { ...inLayer("residual"), sublayers, norm: normAt, dropout }, at);
  };
  const run = layers / (spec.layerGroups ?? layers);
  const block = sharedByRuns(newBlock, run);
  return {
    tokens,
    embedding: new InputEmbedding({
      tokens: spec.tokens?.scaled === true ? new ScaledEmbedding(tokens) : tokens,
      position: position.embedding,
      segments:
        segments > 0
          ? new SegmentEmbedding({ count: segments, width: narrow, random: random.fork("segments") })
          : undefined,
      norm: embeddingNorm ? norm("embedding.norm", narrow) : undefined,
      dropout,
      map,
    }),
    map,
    blocks: new Stack(layers, block),
    finalNorm: spec.residual.finalNorm === true ? norm("norm") : undefined,
    norm,
    around,
  };
}

/** A block for each layer, the same one for a run of layers: it is made for the first of them. */
function sharedByRuns(newBlock: (layer: number) => Block, run: number): (layer: number) => Block {
  let latest: Block | undefined;
  return (layer) => (latest = layer % run === 0 || latest === undefined ? newBlock(layer) : latest);
}
