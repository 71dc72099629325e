import { expectSize } from "@tenon/nn";

import type { AttentionPosition } from "./attention-position.ts";

/** What {@link localGlobalPosition} takes. */
export interface LocalGlobalPositionOptions {
  /** The scheme of the layers that see a window of the text. */
  readonly local: AttentionPosition;
  /** The scheme of those that see all of it. */
  readonly global: AttentionPosition;
  /** Every how manieth layer is global, the last of each group. Default 6, as in Gemma 3. */
  readonly every?: number | undefined;
}

/**
 * A scheme for each layer of a model that mixes local and global attention: layers 0, …, every − 2 get the local one, layer every − 1 the global one, and so
 * on. Gemma 3 turns its local layers with base 10 000 and its global ones with base 1 000 000, linearly scaled by 8. With a `global` that is
 * `{ at: () => ({}) }` only local layers know positions.
 *
 * Throws `ConfigError` unless `every` is a whole number from 1 up.
 *
 * Gemma Team 2025, "Gemma 3 technical report".
 *
 * @example
 * ```ts
 * const local = new RotaryPosition({ width: 64 });
 * const global = new RotaryPosition({ width: 64, base: 1e6, scaling: linearScaling(8) });
 * const positionOf = localGlobalPosition({ local, global });
 * console.log(Array.from({ length: 7 }, (_, layer) => (positionOf(layer) === global ? "global" : "local")).join(" "));
 * // local local local local local global local
 * ```
 */
export function localGlobalPosition({
  local,
  global,
  every = 6,
}: LocalGlobalPositionOptions): (layer: number) => AttentionPosition {
  expectSize("localGlobalPosition", "every", every);
  return (layer) => ((layer + 1) % every === 0 ? global : local);
}
