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
export { alongTime, type AlongTime, type Direction, type Stepped } from "./recurrent/along-time.ts";
export {
  BidirectionalGRU,
  type BidirectionalGRUInput,
  type BidirectionalRecurrence,
} from "./recurrent/bidirectional-gru.ts";
export { GRU, type GRUInput } from "./recurrent/gru.ts";
export { GRUCell, type GRUOptions, type ResetPlace } from "./recurrent/gru-cell.ts";
export type { Recurrence } from "./recurrent/recurrence.ts";
export { ParallelBlock, type ParallelBlockOptions } from "./parallel-block.ts";
export { recomputeBlocks } from "./recompute-blocks.ts";
export { deepNormConstants, type DeepNormConstants, type Depths } from "./residual/deep-norm-constants.ts";
export { deepNormScheme } from "./residual/deep-norm-scheme.ts";
export { DeepNorm, type DeepNormOptions } from "./residual/deep-norm.ts";
export { LayerScale, type LayerScaleOptions } from "./residual/layer-scale.ts";
export { NoResidual } from "./residual/no-residual.ts";
export { PostNorm } from "./residual/post-norm.ts";
export { PreNorm } from "./residual/pre-norm.ts";
export { ReZero, type ReZeroOptions } from "./residual/re-zero.ts";
export type { ConnectionOptions, Residual, ResidualOptions, Sublayer } from "./residual/residual.ts";
export { SandwichNorm, type SandwichNormOptions } from "./residual/sandwich-norm.ts";
export { Shortcut, type ShortcutOptions } from "./residual/shortcut.ts";
export { depthRate, StochasticDepth, type StochasticDepthOptions } from "./residual/stochastic-depth.ts";
export { ZeroPaddedShortcut, type ZeroPaddedShortcutOptions } from "./residual/zero-padded-shortcut.ts";
export { ResNetBlock, type ResNetBlockOptions, type ShapeChange } from "./resnet/resnet-block.ts";
export { ResNet, zeroPadded, type ResNetOptions } from "./resnet/resnet.ts";
export { Stack, type StackOptions } from "./stack.ts";
export { TransformerBlock, type TransformerBlockOptions } from "./transformer-block.ts";
