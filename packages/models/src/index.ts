export { assemble, type AssembleOptions, type Assembled } from "./assemble.ts";
export { checkSpec } from "./check-spec.ts";
export { DecoderCache } from "./decoder-cache.ts";
export { Decoder, type DecoderInput } from "./decoder.ts";
export { table, type TableOptions } from "./describe-table.ts";
export { describe, type Description, type ParameterDescription, type PartDescription } from "./describe.ts";
export {
  aroundEachWiring,
  type Branch,
  type Connection,
  type Step,
  type WiredStack,
  type Wiring,
} from "./diagram/wiring.ts";
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
export { ClassTokenHead, type ClassTokenHeadOptions } from "./image/class-token-head.ts";
export { ImageEncoder } from "./image/image-encoder.ts";
export type { ImageHeadSpec } from "./image/image-head-spec.ts";
export { vit, type ImageSizes } from "./image/presets.ts";
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
export { rnnEncoderDecoder, rnnSearch, type RecurrentSizes } from "./recurrent/presets.ts";
export { RecurrentCache, type RecurrentPlace, type RecurrentReading } from "./recurrent/recurrent-cache.ts";
export {
  RecurrentDecoder,
  type RecurrentDecoderInput,
  type RecurrentDecoderOptions,
  type RecurrentReadouts,
} from "./recurrent/recurrent-decoder.ts";
export type { RecurrentSpec, RnnEncoderDecoderSpec, RnnSearchSpec } from "./recurrent/recurrent-spec.ts";
export { RecurrentSource } from "./recurrent/recurrent-source.ts";
export { RecurrentTranslator, type RecurrentInput } from "./recurrent/recurrent-translator.ts";
export { RnnEncoderDecoder } from "./recurrent/rnn-encoder-decoder.ts";
export { RnnSearch } from "./recurrent/rnn-search.ts";
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
  ImageEncoderSpec,
  LogitsSpec,
  PartSpec,
  SideSpec,
  Spec,
  StackSpec,
  TargetSideSpec,
  TokensSpec,
} from "./spec.ts";
