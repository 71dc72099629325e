import type { Depths } from "@tenon/blocks";

import type { PartSpec } from "../spec.ts";
import type { Expression } from "../typescript/expression.ts";
import type { Group, Heads, Sublayers } from "./kind.ts";

/** What a kind's `code` is told of the model around its part: what `build` is, as code. */
export interface SurroundingsCode {
  /** d, the width of the residual stream: an expression. */
  readonly width: Expression;
  /** The largest t: an expression. */
  readonly context: Expression;
  readonly causal: boolean;
  readonly attention: PartSpec;
  readonly heads: Heads | undefined;
  /** The part's own stream of initial values: an expression. */
  readonly random: Expression;
}

/** The same for a part of which each layer has its own. */
export interface LayerSurroundingsCode extends SurroundingsCode {
  /** Which layer it is for, and how many there are: expressions. */
  readonly layer: Expression;
  readonly layers: Expression;
  /** How many the model's encoder has and its decoder, of those that it has: expressions. */
  readonly depths: { readonly [Side in keyof Depths]: Expression };
}

/** A position scheme as code. */
export interface PositionCode {
  /** What is added to the embeddings. */
  readonly embedding?: Expression;
  /** What works inside the attention of every layer. */
  readonly attention?: Expression;
  /** A function that gives each layer its own. */
  readonly attentionOf?: Expression;
}

/** What `code` gives for each group: an expression of what `build` gives. */
export interface Printed extends Readonly<Record<Exclude<Group, "position" | "head">, Expression>> {
  readonly position: PositionCode;
  readonly head: Expression | undefined;
}

/** What `code` is given for each group, besides the options. */
export interface GivenCode {
  readonly position: SurroundingsCode & { readonly tokenWidth: Expression };
  readonly attention: LayerSurroundingsCode & {
    readonly position: Expression | undefined;
    /** A function of a width that makes a norm. */
    readonly headNorm: Expression;
  };
  readonly crossAttention: LayerSurroundingsCode & {
    /** A function of a width that makes a norm. */
    readonly headNorm: Expression;
  };
  readonly feedForward: LayerSurroundingsCode;
  readonly norm: SurroundingsCode;
  readonly residual: LayerSurroundingsCode & {
    readonly sublayers: { readonly [Name in Exclude<keyof Sublayers, "crossAttention">]: Expression } & {
      readonly crossAttention?: Expression | undefined;
    };
    /** `place` is text inside backquotes: it may say `${place}`, where the code has a variable of that name. */
    readonly norm: (place: string) => Expression;
    readonly dropout: Expression | undefined;
  };
  readonly head: SurroundingsCode & {
    readonly tokens: Expression;
    readonly tokenWidth: Expression;
    /** Is the width of the tokens another than that of the stream? */
    readonly isNarrow: boolean;
    readonly norm: (place: string, width?: Expression) => Expression;
    readonly dropout: Expression | undefined;
  };
}
