import { ConfigError } from "@tenon/tensor";

/**
 * What one attention remembers of the positions before, so that generating a token costs one token. Each layer has its own. For inference: what is
 * cached has no gradient. `FixedCache` is one; which kind an attention takes is for the attention to say, by its `newCache`.
 */
export interface AttentionCache {
  /** How many positions it has seen. */
  readonly length: number;
  /** How many it can see at most; Infinity where it makes room as it goes. */
  readonly capacity: number;
  /** Forgets all but the first `length` positions: for text that is taken back. Throws `ConfigError` where they are not there any more. */
  crop(length: number): void;
  /**
   * Keeps these rows of the batch, in this order; one may come several times: for beams that are reordered, and for sequences that are done.
   * Throws `ConfigError` for a row that there is not.
   */
  select(rows: readonly number[]): void;
  /** Another cache that holds the same; from here on each goes its own way. */
  fork(): AttentionCache;
  /** Forgets every position and keeps the room. */
  reset(): void;
  /** Gives the memory back. */
  [Symbol.dispose](): void;
}

/** Throws `ConfigError` unless a cache that has seen `held` positions can be cropped to `length`. */
export function expectHeld(part: string, length: number, held: number): void {
  if (Number.isSafeInteger(length) && length >= 0 && length <= held) return;
  throw new ConfigError(`${part}: it holds ${held} positions and cannot be cropped to ${length}`, {
    length: held,
    wanted: length,
  });
}
