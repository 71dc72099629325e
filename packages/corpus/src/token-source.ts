/**
 * A text as token ids that may be too many for memory: read in pieces, anywhere, again and again.
 *
 * @example
 * ```ts
 * const ids = Int32Array.of(5, 6, 7, 8);
 * const source: TokenSource = { length: 4, read: async (start, count) => ids.slice(start, start + count) };
 * console.log(await source.read(1, 2)); // Int32Array(2) [ 6, 7 ]
 * ```
 */
export interface TokenSource {
  /** How many tokens there are. */
  readonly length: number;
  /** `count` ids from `start` on; a copy. Throws `ConfigError` for a stretch that is not inside. */
  read(start: number, count: number): Promise<Int32Array>;
}
