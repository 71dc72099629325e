import type { AttentionMaps } from "../../engine/inspection/attention-data.ts";

/** What one head looks at: its weights [t, s], and where it may look. */
export interface Pattern {
  readonly weights: Float32Array;
  readonly visible: Uint8Array | undefined;
  readonly queries: number;
  readonly keys: number;
}

/** The pattern of a head; undefined where there is none. */
export function patternOf(
  { layers, visible }: AttentionMaps,
  layer: number,
  head: number,
  keys: number,
): Pattern | undefined {
  const { weights, heads } = layers[layer]!;
  if (weights === undefined) return undefined;
  const size = weights.length / heads;
  const seen = visible[layer];
  return {
    weights: weights.subarray(head * size, (head + 1) * size),
    visible: seen !== undefined && seen.length > size ? seen.subarray(head * size, (head + 1) * size) : seen,
    queries: size / keys,
    keys,
  };
}
