/** How distances are put in buckets. */
export interface T5Buckets {
  readonly buckets: number;
  readonly maxDistance: number;
  readonly bidirectional: boolean;
}

/**
 * The bucket of a distance, key position − query position. With n buckets for one direction, distances 0, …, n/2 − 1 have one each and the others share
 * the rest in steps of equal ratio, n/2 + ⌊n/2 · ln(distance / (n/2)) / ln(maxDistance / (n/2))⌋, up to the last, where everything from maxDistance on is.
 * In both directions half of the buckets, the second, is for keys ahead; in one they count as distance 0.
 */
export function t5Bucket(distance: number, { buckets, maxDistance, bidirectional }: T5Buckets): number {
  const count = bidirectional ? Math.floor(buckets / 2) : buckets;
  const first = bidirectional && distance > 0 ? count : 0;
  const far = bidirectional ? Math.abs(distance) : Math.max(-distance, 0);
  const exact = Math.floor(count / 2);
  if (far < exact) return first + far;
  const ratio = Math.log(far / exact) / Math.log(maxDistance / exact);
  return first + Math.min(exact + Math.floor(ratio * (count - exact)), count - 1);
}
