/** What a model is shown. */
export interface Texts {
  /** The text; for an encoder–decoder what it reads. */
  readonly text: string;
  /** For an encoder–decoder: what it has written so far. */
  readonly written: string;
}

/** A token as people read it: with the space before it. */
export interface Token {
  readonly id: number;
  readonly text: string;
}

/** The tokens of one side. */
export interface Sequence {
  readonly tokens: readonly Token[];
  /** How many more the text has, which are not looked at. */
  readonly leftOut: number;
}

/** What the text becomes, and what can be asked of this model. */
export interface Reading {
  /** The tokens that predictions are made at: those of the decoder, where there are two sides. */
  readonly main: Sequence;
  /** What an encoder–decoder reads. */
  readonly source: Sequence | undefined;
  /** Where the prediction is that one would look at first: at the last token, or at the first that is masked. */
  readonly usualPosition: number;
  /** Does it predict tokens? An encoder whose head does something else does not. */
  readonly predicts: boolean;
  /** What an encoder's predictions say: the masked word; a decoder's say what comes next. */
  readonly predictsNext: boolean;
  /** The sides that it has: "Decoder", or "Encoder" and "Decoder". */
  readonly sides: readonly string[];
  /** The layers of the side that predicts: what can be taken out of each, and patched. */
  readonly layers: readonly LayerParts[];
}

/** What a layer is made of, as far as it can be changed. */
export interface LayerParts {
  /** How many heads its attentions have; 0 where they cannot be told apart. */
  readonly heads: { readonly attention: number; readonly "cross-attention": number };
  readonly sublayers: readonly Sublayer[];
}

/** What adds to the residual stream. */
export type Sublayer = "attention" | "cross-attention" | "feed-forward";
