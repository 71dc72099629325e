import { ConfigError } from "@tenon/tensor";

import { expectInside } from "../read/expect-inside.ts";
import type { TokenSource } from "../token-source.ts";

/** A text in two parts. */
export interface TokenSplit {
  readonly training: TokenSource;
  /** Never trained on: what shows whether the model has learned or only remembers. */
  readonly heldOut: TokenSource;
}

/**
 * Holds out the last `share` of a text, in one piece, as `split` of `@tenon/training` does for a text in memory. Where the text has many documents, {@link splitByHash}
 * takes them from all over.
 *
 * Throws `ConfigError` unless 0 < share < 1 and both parts get at least one token.
 *
 * @example
 * ```ts
 * const corpus = corpusInMemory({ sources: textFiles([new Blob(["abcdefghij"])], "whole"), tokenizer: byteTokenizer() });
 * const { training, heldOut } = lastShare(await corpus.tokens(), 0.2);
 * console.log(training.length, await heldOut.read(0, 2)); // 8 Int32Array(2) [ 105, 106 ]
 * ```
 */
export function lastShare(tokens: TokenSource, share: number): TokenSplit {
  expectShare("lastShare", share);
  const cut = tokens.length - Math.round(tokens.length * share);
  if (cut === 0 || cut === tokens.length) {
    throw new ConfigError(
      `lastShare: of ${tokens.length} tokens, a share of ${share} leaves nothing to ${cut === 0 ? "train on" : "hold out"}. Use a longer text or another share.`,
      { length: tokens.length, share },
    );
  }
  return { training: stretchOf(tokens, 0, cut), heldOut: stretchOf(tokens, cut, tokens.length - cut) };
}

function stretchOf(tokens: TokenSource, first: number, length: number): TokenSource {
  return {
    length,
    async read(start, count) {
      expectInside("tokens", start, count, length);
      return await tokens.read(first + start, count);
    },
  };
}

/** Throws `ConfigError` unless the share is one. */
export function expectShare(caller: string, share: number): void {
  if (share > 0 && share < 1) return;
  throw new ConfigError(`${caller}: share must be above 0 and below 1, got ${share}`, { share });
}
