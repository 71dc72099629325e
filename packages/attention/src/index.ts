export { AdditiveAttention, type AdditiveAttentionOptions } from "./additive-attention.ts";
export { alternating } from "./mask/alternating.ts";
export type { Attention, AttentionOptions } from "./attention.ts";
export type { AttentionVariant } from "./attention-variant.ts";
export type { AttentionCache } from "./cache/attention-cache.ts";
export { FixedCache } from "./cache/fixed-cache.ts";
export { GrowingCache } from "./cache/growing-cache.ts";
export { KeptMemory } from "./cache/kept-memory.ts";
export type { Cached, KeyValueCache } from "./cache/key-value-cache.ts";
export type { MemoryCache, Projected } from "./cache/memory-cache.ts";
export { QuantizedCache } from "./cache/quantized-cache.ts";
export { SlidingCache, type SlidingCacheOptions } from "./cache/sliding-cache.ts";
export type { CrossAttention, CrossAttentionOptions } from "./cross-attention.ts";
export { LatentAttention, type LatentAttentionOptions, type LatentVariant } from "./latent-attention.ts";
export { LinearAttention, type LinearAttentionOptions } from "./linear-attention.ts";
export { LinearAttentionCache, type LinearState } from "./cache/linear-attention-cache.ts";
export { all } from "./mask/all.ts";
export { any } from "./mask/any.ts";
export { causal } from "./mask/causal.ts";
export { dense } from "./mask/dense.ts";
export { documents } from "./mask/documents.ts";
export { leftPadding } from "./mask/left-padding.ts";
export { local } from "./mask/local.ts";
export type { Mask, MaskExtent } from "./mask/mask.ts";
export { not } from "./mask/not.ts";
export { padding } from "./mask/padding.ts";
export { predicate } from "./mask/predicate.ts";
export { prefix } from "./mask/prefix.ts";
export { fixedSparse, stridedSparse } from "./mask/sparse.ts";
export { window } from "./mask/window.ts";
export { MultiHeadAttention, type MultiHeadAttentionOptions } from "./multi-head-attention.ts";
export { MultiHeadCrossAttention, type MultiHeadCrossAttentionOptions } from "./multi-head-cross-attention.ts";
export {
  MultiplicativeAttention,
  type MultiplicativeAttentionOptions,
  type MultiplicativeScore,
} from "./multiplicative-attention.ts";
export type { ProjectionBias } from "./steps/projected-heads.ts";
export {
  scaledDotProductAttention,
  scaledDotProductAttentionWithWeights,
  type ScaledDotProductOptions,
} from "./scaled-dot-product-attention.ts";
