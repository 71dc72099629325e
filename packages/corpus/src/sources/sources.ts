import { ConfigError } from "@tenon/tensor";

import type { SourceFile } from "./source-file.ts";

/**
 * What a document is in a plain text: each file (`"whole"`), each line, each run of lines that are not blank (`"paragraphs"`), what stands between
 * separators (`{ separator: "<|endoftext|>" }`), or stretches of about so many characters that end after a line break (`{ stretch: 1_000_000 }`), for one
 * text that is larger than memory: joined, they are the text.
 */
export type DocumentRule =
  | "whole"
  | "lines"
  | "paragraphs"
  | { readonly separator: string }
  | { readonly stretch: number };

/** Plain texts. Make one with {@link textFiles}. */
export interface TextSources {
  readonly kind: "text";
  readonly files: readonly SourceFile[];
  readonly documents: DocumentRule;
}
/** Files with one JSON object in each line. Make one with {@link jsonLines}. */
export interface JsonSources {
  readonly kind: "json";
  readonly files: readonly SourceFile[];
  /** The keys of the texts: one, or two for pairs. */
  readonly fields: readonly string[];
  readonly label?: LabelRule;
}
/** Files of which line i of one belongs to line i of the other. Make one with {@link parallelText}. */
export interface ParallelSources {
  readonly kind: "parallel";
  readonly files: readonly (readonly [SourceFile, SourceFile])[];
}
/** Where texts come from. */
export type Sources = TextSources | JsonSources | ParallelSources;

/** Where a document's label stands: a number, or, with `classes`, one of these strings, which becomes its place in the list. */
export interface LabelRule {
  readonly field: string;
  readonly classes?: readonly string[] | undefined;
}

/**
 * Plain text files in UTF-8, packed with gzip or not. Blank documents are passed over and counted.
 *
 * Throws `ConfigError` without files, and for a rule that is none.
 *
 * @example
 * ```ts
 * const sources = textFiles([new Blob(["Mia ran.\n\nTom sat.\nHe slept.\n"])], "paragraphs");
 * for await (const { texts } of readRecords(sources)) console.log(texts);
 * // [ 'Mia ran.' ]
 * // [ 'Tom sat.\nHe slept.' ]
 * ```
 */
export function textFiles(files: readonly SourceFile[], documents: DocumentRule): TextSources {
  expectFiles("textFiles", files);
  if (!isRule(documents)) {
    throw new ConfigError(
      `textFiles: documents are "whole", "lines", "paragraphs", { separator: "…" } or { stretch: a whole number from 1 up }, got ${JSON.stringify(documents)}`,
      { documents },
    );
  }
  return { kind: "text", files, documents };
}

const rules: readonly unknown[] = ["whole", "lines", "paragraphs"];

function isRule(rule: unknown): boolean {
  if (rules.includes(rule)) return true;
  const { separator, stretch, ...rest } = (rule ?? {}) as Record<string, unknown>;
  if (typeof rule !== "object" || Object.keys(rest).length > 0) return false;
  if (stretch === undefined) return typeof separator === "string" && separator !== "";
  return (
    separator === undefined &&
    Number.isSafeInteger(stretch) &&
    (stretch as number) >= 1 &&
    (stretch as number) <= 2 ** 26
  );
}

/** What {@link jsonLines} reads of each object. */
export interface JsonOptions {
  /** The key of the text, or the two of a pair. */
  readonly text: string | readonly [string, string];
  readonly label?: LabelRule | undefined;
}

/**
 * JSON lines: one object in each line, of which one string is the text, or two are a pair, and one more may be the label. Lines in which a text is
 * empty are passed over and counted.
 *
 * Throws `ConfigError` without files or keys; reading throws it with the line for what is no such object.
 *
 * @example
 * ```ts
 * const file = new Blob(['{"review": "So good!", "mood": "glad"}\n']);
 * const label = { field: "mood", classes: ["sad", "glad"] };
 * for await (const record of readRecords(jsonLines([file], { text: "review", label }))) console.log(record);
 * // { texts: [ 'So good!' ], label: 1 }
 * ```
 */
export function jsonLines(files: readonly SourceFile[], { text, label }: JsonOptions): JsonSources {
  expectFiles("jsonLines", files);
  const fields = typeof text === "string" ? [text] : text;
  if (
    !Array.isArray(fields) ||
    fields.length < 1 ||
    fields.length > 2 ||
    !fields.every((field) => typeof field === "string")
  ) {
    throw new ConfigError(`jsonLines: text is one key or two, got ${JSON.stringify(text)}`, { text });
  }
  if (label === undefined) return { kind: "json", files, fields };
  const { field, classes } = label;
  if (typeof field !== "string" || (classes !== undefined && !isListOfClasses(classes))) {
    throw new ConfigError(
      `jsonLines: label is a key, { field: "…" }, and for labels that are strings the list of them all, each once, as classes; got ${JSON.stringify(label)}`,
      { label },
    );
  }
  return { kind: "json", files, fields, label: classes === undefined ? { field } : { field, classes } };
}

const isListOfClasses = (classes: unknown): boolean =>
  Array.isArray(classes) &&
  classes.length > 0 &&
  classes.every((each) => typeof each === "string") &&
  new Set(classes).size === classes.length;

/**
 * Parallel text: files in twos, in which line i of the one says what line i of the other says. Pairs of which a side is blank are passed over and counted.
 *
 * Throws `ConfigError` without files; reading throws it, with both counts, for two files with unequal numbers of lines.
 *
 * @example
 * ```ts
 * const sources = parallelText([[new Blob(["Guten Tag\nDanke\n"]), new Blob(["Good day\nThanks\n"])]]);
 * for await (const { texts } of readRecords(sources)) console.log(texts.join(" = "));
 * // Guten Tag = Good day
 * // Danke = Thanks
 * ```
 */
export function parallelText(files: readonly (readonly [SourceFile, SourceFile])[]): ParallelSources {
  expectFiles("parallelText", files);
  if (!files.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw new ConfigError("parallelText: takes a list of pairs of files, such as [[german, english]]");
  }
  return { kind: "parallel", files };
}

function expectFiles(caller: string, files: unknown): void {
  if (Array.isArray(files) && files.length > 0) return;
  throw new ConfigError(`${caller}: takes a list of files with at least one in it`);
}
