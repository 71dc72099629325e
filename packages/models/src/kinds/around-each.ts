import { CrossAttentionBlock, TransformerBlock, type Block, type Residual } from "@tenon/blocks";

import { arrow, construct, type Expression } from "../typescript/expression.ts";
import type { GivenCode } from "./kind-code.ts";
import type { Sublayers } from "./kind.ts";

/**
 * For residual schemes that are a connection around each sublayer, as most are: the block with the connections that `residual` makes, for two
 * sublayers or, where there is a cross-attention, for three.
 *
 * @example
 * ```ts
 * import * as z from "zod";
 *
 * const kinds = standardKinds.with("residual", "my-norm", {
 *   options: z.strictObject({ kind: z.literal("my-norm") }),
 *   build: (_, { sublayers, norm }) => aroundEach(sublayers, (place) => new PreNorm({ norm: norm(place) })),
 * });
 * console.log(kinds.names("residual").at(-1)); // my-norm
 * ```
 */
export function aroundEach(sublayers: Sublayers, residual: (sublayer: keyof Sublayers) => Residual): Block {
  const { crossAttention, ...others } = sublayers;
  return crossAttention === undefined
    ? new TransformerBlock({ ...others, residual })
    : new CrossAttentionBlock({ ...others, crossAttention, residual });
}

/**
 * The same for the `code` of such a scheme. `residual` is given the text "${place}": inside backquotes the sublayer's name, as `norm(place)` writes it.
 *
 * @example
 * ```ts
 * const given = { attention: code`attention`, feedForward: code`feedForward` };
 * const block = aroundEachCode(given, () => construct("NoResidual", "@tenon/blocks"));
 * console.log(block.uses.map(({ name }) => name)); // [ 'TransformerBlock', 'NoResidual' ]
 * ```
 */
export function aroundEachCode(
  sublayers: GivenCode["residual"]["sublayers"],
  residual: (place: string) => Expression,
): Expression {
  const { attention, crossAttention, feedForward } = sublayers;
  return construct(crossAttention === undefined ? "TransformerBlock" : "CrossAttentionBlock", "@tenon/blocks", {
    attention,
    crossAttention,
    feedForward,
    residual: arrow(["place"], residual("${place}")),
  });
}
