import type { AlignedText } from "../align/aligned-text.ts";

/** What becomes of the places where a text is cut, in the words of tokenizer.json. */
export const behaviors = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"] as const;
export type Behavior = (typeof behaviors)[number];

/** A stretch of a text, and whether the pattern matched it. */
export interface Stretch {
  readonly begin: number;
  readonly end: number;
  readonly match: boolean;
}

/** The stretches of a text, those that the pattern matches and those between. */
export function stretches(text: string, pattern: RegExp, invert = false): Stretch[] {
  const found: Stretch[] = [];
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length;
    if (match.index > last) found.push({ begin: last, end: match.index, match: invert });
    found.push({ begin: match.index, end, match: !invert });
    last = end;
  }
  if (last < text.length) found.push({ begin: last, end: text.length, match: invert });
  return found;
}

/** Cuts a text into its stretches and joins or drops them as the behaviour says; no piece is empty. */
export function cut(text: AlignedText, parts: readonly Stretch[], behavior: Behavior): AlignedText[] {
  return join(parts, behavior)
    .filter(({ begin, end }) => begin < end)
    .map(({ begin, end }) => text.slice(begin, end));
}

function join(parts: readonly Stretch[], behavior: Behavior): readonly Stretch[] {
  switch (behavior) {
    case "Removed":
      return parts.filter(({ match }) => !match);
    case "Isolated":
      return parts;
    case "Contiguous":
      return merge(parts, (before, part) => before.match === part.match);
    case "MergedWithPrevious":
      return merge(parts, (before, part) => part.match && !before.match);
    case "MergedWithNext":
      return merge(parts, (before, part) => before.match && !part.match);
  }
}

/** Joins neighbours of which `together` says so; it sees each stretch as it was before any joining. */
function merge(parts: readonly Stretch[], together: (before: Stretch, part: Stretch) => boolean): Stretch[] {
  const merged: Stretch[] = [];
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1];
    if (before !== undefined && together(before, part)) merged.push({ ...merged.pop()!, end: part.end });
    else merged.push(part);
  }
  return merged;
}
