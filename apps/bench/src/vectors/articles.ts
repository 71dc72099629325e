import { random } from "@tenon/tensor";

/** A paragraph, and the article that it is from, as a label. */
export interface Paragraph {
  readonly label: string;
  readonly words: string;
}

/** The paragraphs of the `count` longest articles of a text as WikiText has it: titles between single signs of equality, one paragraph a line; shuffled. */
export function paragraphsOf(text: string, count: number): Paragraph[] {
  const articles: Paragraph[][] = [];
  for (const line of text.split("\n")) {
    if (/^ = [^=]+ = $/.test(line)) articles.push([]);
    else if (!line.startsWith(" = ") && tokens(line).length > 20)
      articles.at(-1)?.push({ label: `__label__${articles.length}`, words: tokens(line).join(" ") });
  }
  const longest = articles
    .toSorted((a, b) => b.length - a.length)
    .slice(0, count)
    .flat();
  // One article after the other, a classifier would forget the first ones over the last.
  const dice = random(1);
  for (let i = longest.length - 1; i > 0; i--) {
    const j = dice.integer(i + 1);
    [longest[i], longest[j]] = [longest[j]!, longest[i]!];
  }
  return longest;
}

/** The words of a text in lower case, without what stands between them. */
export const tokens = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
