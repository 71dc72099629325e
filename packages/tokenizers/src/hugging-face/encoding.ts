import type { Token } from "./frame/token.ts";

/** A text, or a pair of texts, as a model reads it. All lists are as long as `ids`. */
export interface Encoding {
  readonly ids: readonly number[];
  /** 0 for the first text and its frame, 1 for the second, as the post-processor says: the token types of BERT. */
  readonly segmentIds: readonly number[];
  /**
   * Where each token stands in its text, in UTF-16 code units as `slice` takes them: `text.slice(...offsets[i])`. Tokens that are pieces of one
   * character all have the whole character; one that stands for no text has `[0, 0]`.
   */
  readonly offsets: readonly (readonly [begin: number, end: number])[];
  /** Which text each token is from, 0 or 1; `undefined` for one that a post-processor or padding put there. */
  readonly sources: readonly (0 | 1 | undefined)[];
  /** `true` where there is something to attend to, `false` for padding. */
  readonly mask: readonly boolean[];
}

/** How {@link HuggingFaceTokenizer.encoding} frames a text. Everything is off but `special`. */
export interface EncodingOptions {
  /** Puts the special tokens of the post-processor around the text; `true` by default. */
  readonly special?: boolean;
  /** Cuts what is too long, as `truncation` of tokenizer.json says. Throws `ConfigError` where it says nothing. */
  readonly truncate?: boolean;
  /** Fills up what is short, as `padding` of tokenizer.json says. Throws `ConfigError` where it says nothing. */
  readonly pad?: boolean;
}

/** Lays tokens out as lists, with their places in the texts in code units. */
export function toEncoding(tokens: readonly Token[], texts: readonly string[]): Encoding {
  const units = texts.map(unitsOf);
  return {
    ids: tokens.map(({ id }) => id),
    segmentIds: tokens.map(({ segment }) => segment),
    offsets: tokens.map(({ begin, end, source }) => {
      const places = source === undefined ? undefined : units[source];
      return places === undefined ? [begin, end] : [places[begin]!, places[end]!];
    }),
    sources: tokens.map(({ source }) => source),
    mask: tokens.map(({ padding }) => !padding),
  };
}

/** Where each character begins, in code units; `undefined` where each is one unit. */
function unitsOf(text: string): number[] | undefined {
  if (!/[\u{10000}-\u{10ffff}]/u.test(text)) return undefined;
  const units = [0];
  for (const character of text) units.push(units.at(-1)! + character.length);
  return units;
}
