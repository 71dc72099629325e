import { EncoderDecoder, type SideSpec, standardKinds } from "@tenon/models";
import { Part } from "@tenon/nn";
import type { AttentionPosition, EmbeddingPosition } from "@tenon/positional";
import { type Backend, random } from "@tenon/tensor";

import type { SchemeRequest } from "./scheme-data.ts";
import type { Inspected } from "./subject.ts";

/** The parts of a position scheme, on a backend, and what they have to be asked with. */
export interface SchemeParts extends Disposable {
  readonly kind: string;
  readonly embedding: EmbeddingPosition | undefined;
  readonly attention: AttentionPosition | undefined;
  readonly length: number;
  readonly causal: boolean;
  readonly heads: number;
  readonly queryWidth: number;
  readonly backend: Backend;
}

/** One side of a model: what its scheme is, and where. */
interface ModelSide {
  readonly spec: Pick<SideSpec, "position" | "attention" | "context">;
  readonly causal: boolean;
  readonly embedding: { readonly position: EmbeddingPosition | undefined };
  readonly blocks: Iterable<object>;
}

/**
 * The model's own scheme, or another one made for a model of its sizes, with the values that it begins with. Throws `ConfigError` for a scheme that does not go with the
 * model's attention.
 */
export async function schemePartsOf(
  model: Inspected,
  { scheme, side, layer, length }: SchemeRequest,
): Promise<SchemeParts> {
  const { backend } = model;
  const sides = sidesOf(model);
  const { spec, causal, embedding, blocks } = sides[Math.min(side, sides.length - 1)]!;
  const { width } = model.spec;
  const heads = standardKinds.heads(spec.attention, { width });
  const asked = { causal, heads: heads?.count ?? 1, queryWidth: heads?.queryWidth ?? width, backend };
  if (scheme === "model") {
    const block = [...blocks][layer];
    return {
      ...asked,
      kind: spec.position.kind,
      embedding: embedding.position,
      attention: block && positionIn(block),
      length: Math.min(length, spec.context),
      [Symbol.dispose]: () => undefined,
    };
  }
  const checked = standardKinds.check("position", scheme);
  const { tokens } = model.spec;
  const built = standardKinds.build("position", checked, {
    width,
    tokenWidth: tokens?.width ?? width,
    context: length,
    causal,
    attention: spec.attention,
    heads,
    random: random(1),
  });
  const parts = [built.embedding, built.attention?.(layer)] as const;
  for (const part of parts) if (part instanceof Part) await part.to(backend);
  return {
    ...asked,
    kind: checked.kind,
    embedding: parts[0],
    attention: parts[1],
    length,
    [Symbol.dispose]: () => {
      for (const part of parts) if (part instanceof Part) part[Symbol.dispose]();
    },
  };
}

function sidesOf(model: Inspected): readonly ModelSide[] {
  if (model instanceof EncoderDecoder) {
    const { encoder, decoder } = model.spec;
    return [
      { spec: encoder, causal: false, embedding: model.encoder.embedding, blocks: model.encoder.blocks },
      { spec: decoder, causal: true, embedding: model.decoder.embedding, blocks: model.decoder.blocks },
    ];
  }
  const { spec, embedding, blocks } = model;
  return [{ spec, causal: spec.kind === "decoder", embedding, blocks }];
}

/** What tells positions in the attention of a block, if anything does. */
function positionIn(block: object): AttentionPosition | undefined {
  const attention = "attention" in block ? (block.attention as object) : {};
  return "position" in attention ? (attention.position as AttentionPosition | undefined) : undefined;
}
