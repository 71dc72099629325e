/** The patterns of one layer. */
export interface LayerPatterns {
  readonly heads: number;
  /** How much each query looks at each key, [h, t, s]; undefined where the attention forms none. */
  readonly weights: Float32Array | undefined;
}

/** All attentions of one kind: those within a side, or those from one side to the other. */
export interface AttentionMaps {
  /** "Self-attention", "Encoder: self-attention", … */
  readonly title: string;
  readonly queries: "main" | "source";
  readonly keys: "main" | "source";
  readonly layers: readonly LayerPatterns[];
  /** By layer, which keys each query may see: 1 for yes, [t, s], or [h, t, s] where the heads differ; undefined for all. */
  readonly visible: readonly (Uint8Array | undefined)[];
  /** Why there are no patterns, where there are none. */
  readonly absent: string | undefined;
}
