/** What Python's `str.split()` takes for white space; JavaScript's `\s` lacks four separators and U+0085, and adds U+FEFF. */
const spaces = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const space = new RegExp(`[${spaces}]+`, "u");
const trailing = new RegExp(`[${spaces}]+$`, "u");

/** The words of a line, as Python's `line.split()` gives them. */
export function words(line: string): string[] {
  return line.split(space).filter((word) => word !== "");
}

/** A line without white space at its end, as Python's `line.rstrip()` gives it. */
export function trimEnd(line: string): string {
  return line.replace(trailing, "");
}
