/** A token of an encoding, before encodings are laid out as lists. */
export interface Token {
  readonly id: number;
  /** How it is written: a token of the model by its name, an added one by the text that it was found as. */
  readonly text: string;
  /** Where it stands in the text, in characters. */
  readonly begin: number;
  readonly end: number;
  /** 0 or 1, what a model with segments adds an embedding for. */
  readonly segment: number;
  /** Which of the two texts it is from; `undefined` for one that a post-processor or padding put there. */
  readonly source: 0 | 1 | undefined;
  readonly padding: boolean;
}

/** A token that stands for no text. */
export function inserted(id: number, text: string, segment: number, padding = false): Token {
  return { id, text, begin: 0, end: 0, segment, source: undefined, padding };
}
