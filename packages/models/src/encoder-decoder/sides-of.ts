import type { Random } from "@tenon/tensor";

import type { Kinds } from "../kinds/registry.ts";
import type { EncoderDecoderSpec } from "../spec.ts";
import { buildTrunk, type Trunk } from "../trunk.ts";

/** The trunks of both sides, from a checked spec. They share the token table, unless the source has a vocabulary of its own. */
export function sidesOf(
  spec: EncoderDecoderSpec,
  kinds: Kinds,
  random: Random,
): { readonly encoder: Trunk; readonly decoder: Trunk } {
  const { version, vocabulary, sourceVocabulary, width, dropout, tokens, tied } = spec;
  const shared = { version, width, dropout, ...(tokens && { tokens }) };
  const depths = { encoder: spec.encoder.layers, decoder: spec.decoder.layers };
  const { crossAttention, ...target } = spec.decoder;
  const encoder = buildTrunk(
    { ...shared, ...spec.encoder, vocabulary: sourceVocabulary ?? vocabulary, kind: "encoder", segments: 0 },
    kinds,
    random.fork("encoder"),
    { at: "spec.encoder", depths },
  );
  const decoder = buildTrunk(
    { ...shared, ...target, vocabulary, kind: "decoder", tied },
    kinds,
    random.fork("decoder"),
    {
      at: "spec.decoder",
      depths,
      crossAttention,
      embeddingNorm: target.embeddingNorm,
      tokens: sourceVocabulary === undefined ? encoder.tokens : undefined,
    },
  );
  return { encoder, decoder };
}
