/** Who says what in a play: speeches and their speakers, of the most talkative ones. */
export interface Speech {
  readonly label: string;
  readonly words: string;
}

/** The speeches of plays that are printed as in tinyshakespeare.txt: a name and a colon, what is said, an empty line. */
export function speechesOf(text: string, speakers: number): Speech[] {
  const speeches = text
    .split("\n\n")
    .map((part) => /^([A-Z][A-Za-z ]+):\n([^]+)$/.exec(part.trim()))
    .filter((found) => found !== null)
    .map(([, name, said]) => ({ label: `__label__${name!.replaceAll(" ", "_")}`, words: tokens(said!).join(" ") }))
    .filter(({ words }) => words.split(" ").length > 3);
  const counts = new Map<string, number>();
  for (const { label } of speeches) counts.set(label, (counts.get(label) ?? 0) + 1);
  const most = new Set(
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, speakers)
      .map(([label]) => label),
  );
  return speeches.filter(({ label }) => most.has(label));
}

/** The words of a text in lower case, without what stands between them. */
export const tokens = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
