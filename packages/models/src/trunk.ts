import { Stack, type Block } from "@tenon/blocks";
import { InputEmbedding, ScaledEmbedding, SegmentEmbedding, TokenEmbedding } from "@tenon/embeddings";
import { Linear, type Norm } from "@tenon/nn";
import type { Random } from "@tenon/tensor";

import type { LayerSurroundings, Sublayers, Surroundings } from "./kinds/kind.ts";
import type { Kinds } from "./kinds/registry.ts";
import type { Spec } from "./spec.ts";

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

/** Builds the trunk of a model. Each part draws its initial values from a stream that is named for the part's place. */
export function buildTrunk(spec: Spec, kinds: Kinds, random: Random): Trunk {
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
  const norm = (name: string, width?: number): Norm => kinds.build("norm", spec.norm, around(name, width));
  const narrow = spec.tokens?.width ?? width;
  const position = kinds.build("position", spec.position, { ...around("position"), tokenWidth: narrow });
  const tokens = new TokenEmbedding({ vocabulary, width: narrow, random: random.fork("tokens") });
  const map = narrow === width ? undefined : new Linear({ input: narrow, output: width, random: random.fork("map") });
  const segments = spec.kind === "encoder" ? spec.segments : 0;
  const newBlock = (layer: number): Block => {
    const at = `blocks.${layer}`;
    const inLayer = (name: string): LayerSurroundings => ({ ...around(`${at}.${name}`), layer, layers });
    const sublayers: Sublayers = {
      attention: kinds.build("attention", spec.attention, {
        ...inLayer("attention"),
        position: position.attention?.(layer),
        headNorm: (width) => norm(`${at}.attention.headNorm`, width),
      }),
      feedForward: kinds.build("feedForward", spec.feedForward, inLayer("feedForward")),
    };
    return kinds.build("residual", spec.residual, {
      ...inLayer("residual"),
      sublayers,
      norm: (place) => norm(`${at}.${place}.norm`),
      dropout,
    });
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
      norm: spec.kind === "encoder" && spec.embeddingNorm ? norm("embedding.norm", narrow) : undefined,
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
