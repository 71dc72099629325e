import type { Random } from "@tenon/tensor";

/** How much of a text is noise, in how many spans; the same for all texts of a length. */
export interface NoiseCounts {
  readonly tokens: number;
  readonly spans: number;
}

/** A stretch of a text: places from `first` to before `end`. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/** `rate` of the tokens in spans of `meanSpan` on average, rounded; something is left of both, and between any two spans. */
export function noiseCounts(length: number, rate: number, meanSpan: number): NoiseCounts {
  const tokens = Math.min(Math.max(nearest(length * rate), 1), length - 1);
  const spans = Math.min(Math.max(nearest(tokens / meanSpan), 1), tokens, length - tokens);
  return { tokens, spans };
}

/**
 * The noise of a text: text and noise take turns, text first and noise last, and every way to divide either among as many stretches of at least one token is equally
 * likely.
 */
export function noiseSpans(length: number, { tokens, spans }: NoiseCounts, stream: Random): Span[] {
  const noise = stretches(tokens, spans, stream);
  const text = stretches(length - tokens, spans, stream);
  let end = 0;
  return noise.map((size, i) => {
    const first = end + text[i]!;
    end = first + size;
    return { first, end };
  });
}

/** The lengths of `count` stretches that `total` is divided into, by as many cuts less one, at different places. */
function stretches(total: number, count: number, stream: Random): number[] {
  const places = Array.from({ length: total - 1 }, (_, i) => i + 1);
  // The first swaps of a Fisher–Yates shuffle.
  for (let i = 0; i < count - 1; i++) {
    const j = i + stream.integer(places.length - i);
    [places[i], places[j]] = [places[j]!, places[i]!];
  }
  const cuts = [...places.slice(0, count - 1).sort((a, b) => a - b), total];
  return cuts.map((cut, i) => cut - (cuts[i - 1] ?? 0));
}

/** To the nearest whole number, halves to the even one, as T5 and NumPy round. */
function nearest(x: number): number {
  const up = Math.round(x);
  return up - x === 0.5 && up % 2 === 1 ? up - 1 : up;
}
