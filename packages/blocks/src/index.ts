export type { Block } from "./block.ts";
export type { FeedForward } from "./feed-forward/feed-forward.ts";
export { GatedMLP, type GatedMLPOptions } from "./feed-forward/gated-mlp.ts";
export { MLP, type MLPOptions } from "./feed-forward/mlp.ts";
export { PostNorm } from "./residual/post-norm.ts";
export { PreNorm } from "./residual/pre-norm.ts";
export type { Residual, ResidualOptions, Sublayer } from "./residual/residual.ts";
export { Stack, type StackOptions } from "./stack.ts";
export { TransformerBlock, type TransformerBlockOptions } from "./transformer-block.ts";
