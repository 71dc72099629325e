/** The middle of some numbers; of an even count, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const last = sorted.length - 1;
  return (sorted[Math.floor(last / 2)]! + sorted[Math.ceil(last / 2)]!) / 2;
}

/** What rounds of a side gave: the median of the rounds' medians, and the lowest and highest of them, in milliseconds. */
export interface Timing {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export function timing(rounds: readonly (readonly number[])[]): Timing {
  const medians = rounds.map(median);
  return { median: median(medians), lowest: Math.min(...medians), highest: Math.max(...medians) };
}

/**
 * How many times as long `a` takes as `b`: the median over rounds of the ratio within the round. A machine that slows down for a round slows
 * both, so that ratios are steadier than times.
 */
export function ratio(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  return median(a.map((samples, round) => median(samples) / median(b[round]!)));
}
