import type { PartSpec } from "@tenon/models";

/** A position scheme to be drawn. */
export interface SchemeRequest {
  /** The open model's own, or another with the model's sizes and the values that it begins with. */
  readonly scheme: "model" | PartSpec;
  /** Which side's, where there are two: 0 for the encoder's. */
  readonly side: number;
  /** Which layer's, of the model's own: they may differ. */
  readonly layer: number;
  /** For how many positions. */
  readonly length: number;
}

/** What a position scheme does, as numbers. A scheme has one of these or several. */
export interface SchemeDrawing {
  /** The kind of the spec: "rotary", … */
  readonly kind: string;
  /** For how many positions: no more than the scheme has. */
  readonly length: number;
  /** Does each token see only those before it? Then no distance is above 0. */
  readonly causal: boolean;
  /** Vectors that are added to the embeddings. */
  readonly vectors: EmbeddedPositions | undefined;
  /** What is added to the scores. */
  readonly bias: DistanceBias | undefined;
  /** How queries and keys turn. */
  readonly rotation: RotationDrawing | undefined;
}

export interface EmbeddedPositions {
  readonly width: number;
  /** [positions, width] */
  readonly table: Float32Array;
  /** The cosine of the angle between the vectors of two positions, [positions, positions]. */
  readonly similarity: Float32Array;
}

export interface DistanceBias {
  readonly heads: number;
  /** Key position − query position of each column. */
  readonly distances: readonly number[];
  /** What each head adds, [h, distances]. */
  readonly values: Float32Array;
  /** Is it made of the queries? Then this is what queries of ones are given. */
  readonly ofQueries: boolean;
}

export interface RotationDrawing {
  /** The angle from one position to the next, of each pair of elements, in radians. */
  readonly frequencies: readonly number[];
  readonly attentionFactor: number;
  /** The cosine of the angle of each pair, [positions, pairs]. */
  readonly cosines: Float32Array;
  /** The score of a query and a key of ones, as a share of what it is for neighbours at distance 0, by distance. */
  readonly scores: Float32Array;
}
