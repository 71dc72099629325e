import { ConfigError } from "@tenon/tensor";

import { expectShare } from "../expect-options.ts";
import { expectIds } from "./expect-ids.ts";

/** A text in two parts. */
export interface Split {
  readonly training: Int32Array;
  /** Never trained on: what shows whether the model has learned or only remembers. */
  readonly heldOut: Int32Array;
}

/**
 * Cuts the last `share` of a text off, in one piece: pieces from all over would stand between neighbours that are trained on. Both
 * parts are windows on one array, the one that came if it is an `Int32Array`.
 *
 * Throws `ConfigError` unless 0 < share < 1 and both parts get at least one token.
 *
 * @example
 * ```ts
 * const { training, heldOut } = split([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.1);
 * console.log(training.length, heldOut); // 9 Int32Array(1) [ 10 ]
 * ```
 */
export function split(ids: ArrayLike<number>, share: number): Split {
  const all = expectIds("split", ids);
  expectShare("split", "share", share, { above: true, below: true });
  const cut = all.length - Math.round(all.length * share);
  if (cut === 0 || cut === all.length) {
    throw new ConfigError(
      `split: of ${all.length} tokens, a share of ${share} leaves nothing to ${cut === 0 ? "train on" : "hold out"}. Use a longer text or another share.`,
      { length: all.length, share },
    );
  }
  return { training: all.subarray(0, cut), heldOut: all.subarray(cut) };
}
