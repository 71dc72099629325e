import { jsonRecords } from "./json-records.ts";
import { parallelRecords } from "./parallel-records.ts";
import { bytesOf, type NamedBytes, type SourceFile } from "./source-file.ts";
import type { DocumentRule, Sources } from "./sources.ts";
import { linesOf, paragraphsOf, separatedBy, stretchesOf, wholeOf } from "./split-text.ts";
import { textOf } from "./utf8.ts";

/** One document, or one pair of them, as read. */
export interface TextRecord {
  readonly texts: readonly string[];
  readonly label?: number;
}

/**
 * The documents of the sources, one after the other, read as they are asked for: only the one that is being read is in memory. Blank ones are among them, as "".
 *
 * `open` finds the bytes of a file; its default knows all that a page has, but no path.
 *
 * @yields each document, or pair of them
 *
 * @example
 * ```ts
 * async function* texts() {
 *   for await (const { texts } of readRecords(textFiles([new Blob(["the cat\nthe rat\n"])], "lines"))) yield texts[0]!;
 * }
 * const file = await trainBytePairs(texts(), { maximumSize: 258 });
 * console.log(file.model.merges.length); // 1
 * ```
 */
export async function* readRecords(
  sources: Sources,
  open: (file: SourceFile) => NamedBytes = bytesOf,
): AsyncGenerator<TextRecord> {
  if (sources.kind === "parallel") {
    for (const [first, second] of sources.files) {
      for await (const record of parallelRecords(open(first), open(second))) yield blanksEmptied(record);
    }
    return;
  }
  for (const each of sources.files) {
    const file = open(each);
    if (sources.kind === "json") {
      for await (const record of jsonRecords(file, sources)) yield blanksEmptied(record);
    } else {
      // Stretches of a text are joined again, and a blank one is part of it.
      const keep =
        sources.documents === "whole" || (typeof sources.documents === "object" && "stretch" in sources.documents);
      for await (const text of documentsOf(file, sources.documents)) {
        yield keep ? { texts: [text] } : blanksEmptied({ texts: [text] });
      }
    }
  }
}

function blanksEmptied(record: TextRecord): TextRecord {
  const { texts } = record;
  if (texts.every((text) => /\S/.test(text))) return record;
  return { ...record, texts: texts.map((text) => (/\S/.test(text) ? text : "")) };
}

function documentsOf(file: NamedBytes, rule: DocumentRule): AsyncGenerator<string> {
  const chunks = textOf(file);
  if (typeof rule === "object") {
    return "separator" in rule ? separatedBy(chunks, rule.separator, file.name) : stretchesOf(chunks, rule.stretch);
  }
  const split = { whole: wholeOf, lines: linesOf, paragraphs: paragraphsOf }[rule];
  return split(chunks, file.name);
}
