import type { ModelInfo } from "../engine/model-info.ts";

/** What can be done with a model. */
export interface Abilities {
  /** It continues texts. */
  readonly continues: boolean;
  /** It writes one text for another. */
  readonly translates: boolean;
  /** It fills in masked words. */
  readonly fills: boolean;
  /** It gives vectors of sentences. */
  readonly embeds: boolean;
  /** It was trained to answer. */
  readonly chats: boolean;
}

export function abilitiesOf({ spec, tokenizer, chats }: ModelInfo): Abilities {
  const head = spec.kind === "encoder" ? (spec.head?.kind ?? "masked-language") : undefined;
  const reads = tokenizer !== undefined;
  return {
    continues: reads && spec.kind === "decoder",
    translates: reads && ["encoder-decoder", "rnn-encoder-decoder", "rnn-search"].includes(spec.kind),
    fills: reads && tokenizer.mask !== undefined && head === "masked-language",
    embeds: reads && spec.kind === "encoder",
    chats,
  };
}

/** What a model is, in words. */
export function kindOf({ spec: { kind }, name }: ModelInfo): string {
  switch (kind) {
    case "decoder":
      return `${name} is a decoder, which continues texts`;
    case "encoder":
      return `${name} is an encoder, which reads texts as a whole`;
    case "image-encoder":
      return `${name} is a model of images, and this page runs models of text only`;
    default:
      return `${name} is an encoder–decoder, which writes one text for another`;
  }
}
