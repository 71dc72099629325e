export { InputEmbedding, type InputEmbeddingInput, type InputEmbeddingOptions } from "./input-embedding.ts";
export { SegmentEmbedding, type SegmentEmbeddingOptions } from "./segment-embedding.ts";
export { TiedOutput, type TiedOutputOptions } from "./tied-output.ts";
export { TokenEmbedding, type TokenEmbeddingOptions } from "./token-embedding.ts";
