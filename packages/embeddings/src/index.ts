export { FactorisedEmbedding, type FactorisedEmbeddingOptions } from "./factorised-embedding.ts";
export { FactorisedOutput, type FactorisedOutputOptions } from "./factorised-output.ts";
export { InputEmbedding, type InputEmbeddingInput, type InputEmbeddingOptions } from "./input-embedding.ts";
export { meanOfRows, type NewRows } from "./new-rows.ts";
export { PatchEmbedding, type PatchEmbeddingOptions } from "./patch-embedding.ts";
export { pretrained, type Pretrained, type PretrainedOptions } from "./pretrained.ts";
export { resizeVocabulary, type ResizeVocabularyOptions } from "./resize-vocabulary.ts";
export { ScaledEmbedding, type ScaledEmbeddingOptions } from "./scaled-embedding.ts";
export { ScaledLogits } from "./scaled-logits.ts";
export { ScaledOutput, type ScaledOutputOptions } from "./scaled-output.ts";
export { SegmentEmbedding, type SegmentEmbeddingOptions } from "./segment-embedding.ts";
export { SoftCappedLogits } from "./soft-capped-logits.ts";
export { TiedOutput, type TiedOutputOptions } from "./tied-output.ts";
export {
  type EmbeddingOfVectors,
  toEmbedding,
  type ToEmbeddingOptions,
  type TokenNames,
  type VectorLookup,
} from "./to-embedding.ts";
export { TokenEmbedding, type TokenEmbeddingOptions } from "./token-embedding.ts";
export { TransposedLinear } from "./transposed-linear.ts";
export type { VocabularyPart } from "./vocabulary-part.ts";
