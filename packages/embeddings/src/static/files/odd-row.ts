import { parseNumber } from "./number-parser.ts";
import type { Mender } from "./repairs.ts";
import type { RowStore } from "./row-store.ts";
import type { TextLines } from "./text-lines.ts";
import { type Field, fieldsOf, isBlank } from "./text-rows.ts";
import { quoted } from "./word-decoder.ts";

/**
 * Reads the line of a text that is not one word and so many numbers: finds out why, and reads it all the same where that is no damage (in GloVe's
 * files words may have spaces) or only a carriage return. Gives the end of the word; undefined for a line that is left out.
 */
export function readOddRow(lines: TextLines, store: RowStore, hasHeader: boolean, mender: Mender): number | undefined {
  const { bytes, at: from } = lines.window;
  const { width } = store;
  const { place } = lines;
  const end = lines.end();
  if (end === from || isBlank(bytes[from]!)) {
    mender.found(
      "empty word",
      place,
      end === from ? "the line is empty" : "the line begins with a blank, not with a word",
    );
    return undefined;
  }
  const fields = fieldsOf(bytes, from, end);
  const text = ({ from, to }: Field): string => quoted(new TextDecoder().decode(bytes.subarray(from, to)));
  const word = text(fields[0]!);
  const more = fields.length - 1 - width;
  const isSpaced = more > 0 && !hasHeader && !fields.slice(1, 1 + more).some(({ isNumber }) => isNumber);
  if (more !== 0 && !isSpaced) {
    const expected = hasHeader ? `not the ${width} that the header says` : `not ${width} as in line 1`;
    mender.found("wrong length", place, `the word ${word} is followed by ${fields.length - 1} fields, ${expected}`);
    return undefined;
  }
  const numbers = fields.slice(-width);
  const odd = numbers.find(({ isNumber }) => !isNumber);
  if (odd !== undefined) {
    mender.found("no number", place, `${text(odd)}, among the numbers of ${word}, is none`);
    return undefined;
  }
  numbers.forEach(({ from }, i) => parseNumber(bytes, from, store.data, store.next + i));
  return fields[more]!.to;
}
