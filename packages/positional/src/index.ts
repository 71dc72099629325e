export type { AttentionPosition, Placement } from "./attention-position.ts";
export type { EmbeddingPosition } from "./embedding-position.ts";
export { Extent, type ExtentOptions } from "./extent.ts";
export { LearnedPosition, type LearnedPositionOptions } from "./learned-position.ts";
export { distances, type Region } from "./region.ts";
export { positionsAfterPadding, positionsInDocuments } from "./restarting-positions.ts";
export { RotaryPosition, type RotaryPositionOptions } from "./rotary-position.ts";
export { SinusoidalPosition, type SinusoidalPositionOptions } from "./sinusoidal-position.ts";
