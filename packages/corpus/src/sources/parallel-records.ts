import { ConfigError } from "@tenon/tensor";

import type { TextRecord } from "./read-records.ts";
import type { NamedBytes } from "./source-file.ts";
import { linesOf } from "./split-text.ts";
import { textOf } from "./utf8.ts";

// Line i of the one file with line i of the other.
export async function* parallelRecords(first: NamedBytes, second: NamedBytes): AsyncGenerator<TextRecord> {
  const left = linesOf(textOf(first), first.name);
  const right = linesOf(textOf(second), second.name);
  try {
    for (let count = 0; ; count++) {
      const [a, b] = await bothNext(left, right);
      if (a.done === true && b.done === true) return;
      if (a.done === true || b.done === true) {
        const lines = [count + (await remaining(left, a)), count + (await remaining(right, b))] as const;
        throw new ConfigError(
          `parallelText: ${first.name} has ${lines[0]} lines and ${second.name} has ${lines[1]}: line by line they cannot belong together. Compare their ends, or look for a line that one of them lacks.`,
          { files: [first.name, second.name], lines },
        );
      }
      yield { texts: [a.value, b.value] };
    }
  } finally {
    await left.return(undefined);
    await right.return(undefined);
  }
}

type Lines = AsyncGenerator<string, unknown>;
type Line = IteratorResult<string, unknown>;

async function bothNext(left: Lines, right: Lines): Promise<[Line, Line]> {
  // One after the other: if the first throws, nothing of the second is left waiting.
  const a = await left.next();
  return [a, await right.next()];
}

async function remaining(lines: Lines, last: Line): Promise<number> {
  let count = 0;
  for (let line = last; line.done !== true; line = await lines.next()) count++;
  return count;
}
