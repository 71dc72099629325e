import { CheckpointError } from "@tenon/tensor";

/** A line of a set that is no comment and not empty. */
export interface SetLine {
  readonly text: string;
  readonly number: number;
}

/** The lines of a set of questions. Those that are empty or begin with # are none. */
export function setLines(text: string): SetLine[] {
  return text
    .split(/\r?\n/)
    .map((line, i) => ({ text: line.trimEnd(), number: i + 1 }))
    .filter(({ text }) => text !== "" && !text.startsWith("#"));
}

/** A line that is not what it should be. */
export function wrongLine(name: string, { text, number }: SetLine, expected: string): never {
  throw new CheckpointError(
    `${name}, line ${number}: expected ${expected}, got ${JSON.stringify(text.slice(0, 60))}. Correct the line or leave it out.`,
    { file: name, line: number },
  );
}
