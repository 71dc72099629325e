export type { Block, BlockOptions } from "./block.ts";
export { CrossAttentionBlock, type CrossAttentionBlockOptions } from "./cross-attention-block.ts";
export type { FeedForward } from "./feed-forward/feed-forward.ts";
export { GatedMLP, type GatedMLPOptions } from "./feed-forward/gated-mlp.ts";
export type { Experts } from "./feed-forward/mixture/experts.ts";
export { GatedExperts, type GatedExpertsOptions } from "./feed-forward/mixture/gated-experts.ts";
export { MixtureOfExperts, type MixtureOfExpertsOptions } from "./feed-forward/mixture/mixture-of-experts.ts";
export type { Routed, Router } from "./feed-forward/mixture/router.ts";
export { TopKRouter, type RouterSoftmax, type TopKRouterOptions } from "./feed-forward/mixture/top-k-router.ts";
export { withRouting, type Routing, type RoutingOptions } from "./feed-forward/mixture/with-routing.ts";
export { MLP, type MLPOptions } from "./feed-forward/mlp.ts";
export {
  BidirectionalGRU,
  type BidirectionalGRUInput,
  type BidirectionalRecurrence,
} from "./recurrent/bidirectional-gru.ts";
export { GRU, type GRUInput } from "./recurrent/gru.ts";
export { GRUCell, type GRUOptions, type ResetPlace } from "./recurrent/gru-cell.ts";
export type { Recurrence } from "./recurrent/recurrence.ts";
export { PostNorm } from "./residual/post-norm.ts";
export { PreNorm } from "./residual/pre-norm.ts";
export type { Residual, ResidualOptions, Sublayer } from "./residual/residual.ts";
export { Stack, type StackOptions } from "./stack.ts";
export { TransformerBlock, type TransformerBlockOptions } from "./transformer-block.ts";
