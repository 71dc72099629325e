import { ConfigError } from "@tenon/tensor";

/** The error for a piece of text that has no token: it shows the piece, where it stands, and what to do. */
export function unknownText(
  what: "character" | "word",
  piece: string,
  text: string,
  index: number,
  size: number,
): ConfigError {
  const before = [...text.slice(0, index)];
  const position = before.length;
  const line = before.filter((character) => character === "\n").length + 1;
  const column = position - before.lastIndexOf("\n");
  const code = what === "character" ? ` (U+${piece.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")})` : "";
  return new ConfigError(
    `the ${what} ${JSON.stringify(piece)}${code} at position ${position} (line ${line}, column ${column}) is not among the ` +
      `${size} tokens of this tokenizer; build it from a text that has it, or with special: { unknown: "[UNK]" }`,
    { [what]: piece, position, line, column },
  );
}
