export { assemble, type AssembleOptions } from "./assemble.ts";
export { checkSpec } from "./check-spec.ts";
export { DecoderCache } from "./decoder-cache.ts";
export { Decoder, type DecoderInput } from "./decoder.ts";
export { table, type TableOptions } from "./describe-table.ts";
export { describe, type Description, type ParameterDescription, type PartDescription } from "./describe.ts";
export { aroundEachWiring, type Branch, type Connection, type Step, type Wiring } from "./diagram/wiring.ts";
export { diagram, type Diagram, type DiagramOptions } from "./diagram.ts";
export { EmbeddedStack, type EmbeddedStackOptions } from "./encoder-decoder/embedded-stack.ts";
export { EncodedSource, type NextTargetInput } from "./encoder-decoder/encoded-source.ts";
export { EncoderDecoder, type DecodeInput, type EncoderDecoderInput } from "./encoder-decoder/encoder-decoder.ts";
export { bart, marian, t5, transformer, type EncoderDecoderSizes } from "./encoder-decoder/presets.ts";
export { SourceCache } from "./encoder-decoder/source-cache.ts";
export { Encoder, type EncoderInput } from "./encoder.ts";
export { ClassificationHead, type ClassificationHeadOptions } from "./heads/classification-head.ts";
export type { EncoderHead, HeadInput } from "./heads/encoder-head.ts";
export { MaskedLanguageHead, type MaskedLanguageHeadOptions } from "./heads/masked-language-head.ts";
export { Pooler, type PoolerOptions } from "./heads/pooler.ts";
export { poolings, type Pooling, type PoolingName } from "./heads/pooling.ts";
export { PreTrainingHead, type PreTrainingHeadOptions } from "./heads/pre-training-head.ts";
export { SentenceHead, type SentenceHeadOptions, type SentenceLayer } from "./heads/sentence-head.ts";
export { TokenClassificationHead, type TokenClassificationHeadOptions } from "./heads/token-classification-head.ts";
export { aroundEach, aroundEachCode } from "./kinds/around-each.ts";
export type { GivenCode, LayerSurroundingsCode, PositionCode, Printed, SurroundingsCode } from "./kinds/kind-code.ts";
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
export { bert, gpt, gpt3, llama, type Sizes } from "./presets.ts";
export { specSchema, type JsonSchema, type SpecSchemaOptions } from "./spec-schema.ts";
export { toTypeScript, type ToTypeScriptOptions } from "./to-typescript.ts";
export {
  arrow,
  call,
  code,
  construct,
  Expression,
  imported,
  importedType,
  named,
  type Printable,
} from "./typescript/expression.ts";
export type {
  DecoderSpec,
  EncoderDecoderSpec,
  EncoderSpec,
  LogitsSpec,
  PartSpec,
  SideSpec,
  Spec,
  StackSpec,
  TargetSideSpec,
  TokensSpec,
} from "./spec.ts";
