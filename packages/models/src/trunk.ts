import { Stack, type Block } from "@tenon/blocks";
import { InputEmbedding, SegmentEmbedding, TokenEmbedding } from "@tenon/embeddings";
import type { Norm } from "@tenon/nn";
import type { Random } from "@tenon/tensor";

import type { LayerSurroundings, Sublayers, Surroundings } from "./kinds/kind.ts";
import type { Kinds } from "./kinds/registry.ts";
import type { Spec } from "./spec.ts";

/** What decoders and encoders have in common, built from a checked spec. */
export interface Trunk {
  readonly tokens: TokenEmbedding;
  readonly embedding: InputEmbedding;
  readonly blocks: Stack;
  /** After the last block; undefined where the residual scheme asks for none. */
  readonly finalNorm: Norm | undefined;
  /** One more norm of the spec's kind, for what comes after the trunk. */
  readonly norm: (name: string) => Norm;
}

/** Builds the trunk of a model. Each part draws its initial values from a stream that is named for the part's place. */
export function buildTrunk(spec: Spec, kinds: Kinds, random: Random): Trunk {
  const { vocabulary, width, context, layers, dropout } = spec;
  const around = (name: string): Surroundings => ({
    width,
    context,
    attention: spec.attention,
    random: random.fork(name),
  });
  const norm = (name: string): Norm => kinds.build("norm", spec.norm, around(name));
  const position = kinds.build("position", spec.position, around("position"));
  const tokens = new TokenEmbedding({ vocabulary, width, random: random.fork("tokens") });
  const segments = spec.kind === "encoder" ? spec.segments : 0;
  const block = (layer: number): Block => {
    const at = `blocks.${layer}`;
    const inLayer = (name: string): LayerSurroundings => ({ ...around(`${at}.${name}`), layer, layers });
    const sublayers: Sublayers = {
      attention: kinds.build("attention", spec.attention, {
        ...inLayer("attention"),
        position: position.attention?.(layer),
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
  return {
    tokens,
    embedding: new InputEmbedding({
      tokens,
      position: position.embedding,
      segments:
        segments > 0 ? new SegmentEmbedding({ count: segments, width, random: random.fork("segments") }) : undefined,
      norm: spec.kind === "encoder" && spec.embeddingNorm ? norm("embedding.norm") : undefined,
      dropout,
    }),
    blocks: new Stack(layers, block),
    finalNorm: spec.residual.finalNorm === true ? norm("norm") : undefined,
    norm,
  };
}
