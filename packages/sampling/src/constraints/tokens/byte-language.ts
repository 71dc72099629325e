/** A set of texts, read byte by byte: what the token side of a constraint needs to know of it. States are compared with `===`. */
export interface ByteLanguage<S> {
  /** How error messages call it. */
  readonly name: string;
  readonly start: S;
  /** Undefined where no text goes on like this. */
  step(state: S, byte: number): S | undefined;
  accepts(state: S): boolean;
  /** The fewest bytes from here to the end of a text, where that is known without a search. */
  bytes?(state: S): number;
  /** No fewer tokens lead to the end. */
  tokens(state: S): number;
  /** Why the vocabulary cannot write any of it, for an error message. */
  explain(): string;
}
