import type { Depths } from "@tenon/blocks";

import type { Sublayers } from "../kinds/kind.ts";

/** Something that the stream passes on its way: a part of the block, or what is done to it in words. */
export interface Step {
  /** Where in the block the part is: `attentionResidual.norm`. */
  readonly part?: string | undefined;
  /** What is done, where the name of the part's class does not say it: "× α". */
  readonly label?: string | undefined;
}

/** A way through one sublayer. */
export interface Branch {
  readonly before?: readonly Step[] | undefined;
  readonly sublayer: keyof Sublayers;
}

/** A place where something leaves the stream, passes sublayers, and is added to it again. */
export interface Connection {
  /** What all branches have passed. */
  readonly before?: readonly Step[] | undefined;
  /** The ways through the sublayers, side by side; what they give is added. */
  readonly branches: readonly Branch[];
  /** What their sum passes before it joins the stream. */
  readonly after?: readonly Step[] | undefined;
  /** What is done to the stream meanwhile: "× 1.68". */
  readonly stream?: string | undefined;
  /** What the stream passes after the sum. */
  readonly joined?: readonly Step[] | undefined;
}

/** How a residual scheme wires a block, for `diagram`: its connections, one after the other. */
export type Wiring = readonly Connection[];

/** What a wiring may depend on: the stack that the block is one of. */
export interface WiredStack {
  readonly layers: number;
  /** Which sublayers its blocks have, in order. Default: attention and feed-forward part. */
  readonly sublayers?: readonly (keyof Sublayers)[] | undefined;
  /** Which side of a model of two stacks it is, and how deep both are. Default: it is the model's only one. */
  readonly side?: { readonly name: keyof Depths; readonly depths: Depths } | undefined;
}

/** One connection around each sublayer, in order: those of attention and the feed-forward part, and where the stack says so that of the cross-attention between them. */
export const aroundEachWiring = (
  connection: (place: keyof Sublayers) => Omit<Connection, "branches">,
  { sublayers = ["attention", "feedForward"] }: Pick<WiredStack, "sublayers"> = {},
): Wiring =>
  sublayers.map((sublayer) => ({
    ...connection(sublayer),
    branches: [{ sublayer }],
  }));
