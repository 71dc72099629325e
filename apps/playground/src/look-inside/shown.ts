import type { Reading, Sequence, Texts, Token } from "../engine/inspection/subject-data.ts";
import { chosen } from "./state.ts";

/** What is being looked at: the texts, and what the model makes of them. */
export interface Shown {
  /** Changes whenever the model, what computes it or a text does. */
  readonly key: string;
  readonly texts: Texts;
  readonly reading: Reading;
}

/** The position that is asked about: the one chosen, if the text is as long. */
export function positionIn({ main, usualPosition }: Reading): number {
  const { position } = chosen.value;
  return position === undefined || position >= main.tokens.length ? usualPosition : position;
}

/** A token as it is written on the page: its spaces and line breaks can be seen, by signs that every font has. */
export const visible = ({ text }: Pick<Token, "text">): string =>
  text.replaceAll(" ", "·").replaceAll("\n", "\\n").replaceAll("\t", "\\t");

/** The tokens of a sequence as labels: shortened, where they are long. */
export function labelsOf({ tokens }: Sequence, longest = 12): string[] {
  return tokens.map((token) => shortened(visible(token), longest));
}

/** A text of at most so many characters. */
export function shortened(text: string, longest: number): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}
