import type { Sublayer } from "./subject-data.ts";

/** How large the residual stream of one side is, from the embeddings to the last layer. */
export interface StreamNorms {
  readonly title: string;
  readonly sequence: "main" | "source";
  /** The places along the stream, in order. */
  readonly places: readonly StreamPlace[];
  /** The length of the stream at each place and token, [places, t]. */
  readonly norms: Float32Array;
  /** What sublayers add on the way from place to place. */
  readonly additions: readonly Addition[];
  /** The length of each addition at each token, [additions, t]. */
  readonly added: Float32Array;
  /** How spread the attention of each head is on average over the queries, in nats; by layer, undefined where there are no patterns. */
  readonly entropies: readonly (Float32Array | undefined)[];
}

/** A place along the stream. */
export interface StreamPlace {
  readonly title: string;
  /** How many layers lie behind, in fractions of one within a layer: 0 for what goes into the first. */
  readonly depth: number;
}

/** What one sublayer adds. */
export interface Addition {
  readonly layer: number;
  readonly sublayer: Sublayer;
}
