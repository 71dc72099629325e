import { type CodePoints, codePoints, except } from "../bytes/code-points.ts";
import { readEscape, type Escape } from "./escapes.ts";

/** Reads the class whose opening bracket is at `position`, in a pattern that is valid with the flag u. */
export function readClass(pattern: string, position: number): Escape {
  const negated = pattern[position + 1] === "^";
  const ranges: [number, number][] = [];
  let at = position + (negated ? 2 : 1);
  const readItem = (): CodePoints => {
    const item = pattern[at] === "\\" ? readInClass(pattern, at) : literal(pattern, at);
    at = item.end;
    return item.ranges;
  };
  while (pattern[at] !== "]") {
    const first = readItem();
    if (pattern[at] === "-" && pattern[at + 1] !== "]") {
      at++;
      ranges.push([first[0]![0], readItem()[0]![0]]);
    } else for (const [from, to] of first) ranges.push([from, to]);
  }
  return { ranges: negated ? except(ranges) : codePoints(ranges), end: at + 1 };
}

/** In a class, \b is the backspace. */
function readInClass(pattern: string, position: number): Escape {
  return pattern[position + 1] === "b" ? { ranges: [[8, 8]], end: position + 2 } : readEscape(pattern, position);
}

/** The character at a position, standing for itself. */
export function literal(pattern: string, position: number): Escape {
  const codePoint = pattern.codePointAt(position)!;
  return { ranges: [[codePoint, codePoint]], end: position + (codePoint > 0xffff ? 2 : 1) };
}
