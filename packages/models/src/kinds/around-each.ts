import { TransformerBlock, type Block, type Residual } from "@tenon/blocks";

import type { Sublayers } from "./kind.ts";

/**
 * For residual schemes that are a connection around each sublayer, as most are: the block with the connections that `residual` makes.
 *
 * @example
 * ```ts
 * import { z } from "zod";
 *
 * const kinds = standardKinds.with("residual", "my-norm", {
 *   options: z.strictObject({ kind: z.literal("my-norm") }),
 *   build: (_, { sublayers, norm }) => aroundEach(sublayers, (place) => new PreNorm({ norm: norm(place) })),
 * });
 * console.log(kinds.names("residual").at(-1)); // my-norm
 * ```
 */
export function aroundEach(sublayers: Sublayers, residual: (sublayer: keyof Sublayers) => Residual): Block {
  return new TransformerBlock({ ...sublayers, residual });
}
