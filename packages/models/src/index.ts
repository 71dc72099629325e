export { assemble, type AssembleOptions } from "./assemble.ts";
export { checkSpec } from "./check-spec.ts";
export { DecoderCache } from "./decoder-cache.ts";
export { Decoder, type DecoderInput } from "./decoder.ts";
export { describe, type Description, type ParameterDescription, type PartDescription } from "./describe.ts";
export { Encoder, type EncoderInput } from "./encoder.ts";
export { aroundEach } from "./kinds/around-each.ts";
export type {
  Built,
  Given,
  Group,
  Heads,
  Kind,
  LayerSurroundings,
  PositionParts,
  Sublayers,
  Surroundings,
} from "./kinds/kind.ts";
export { Kinds } from "./kinds/registry.ts";
export { standardKinds } from "./kinds/standard.ts";
export { MaskedLanguageHead, type MaskedLanguageHeadOptions } from "./masked-language-head.ts";
export { bert, gpt, gpt3, llama, type Sizes } from "./presets.ts";
export type { DecoderSpec, EncoderSpec, LogitsSpec, PartSpec, Spec, StackSpec, TokensSpec } from "./spec.ts";
