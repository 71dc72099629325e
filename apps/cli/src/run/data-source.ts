import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";

import { stories } from "@tenon/stories";
import { ConfigError } from "@tenon/tensor";
import { z } from "zod";

import { readTextFile } from "../files/text-file.ts";
import { count } from "../output/numbers.ts";
import { type StreamedText, streamedText } from "./streamed-text.ts";

/** Two files of as many lines: line i of one is a translation of line i of the other. */
export interface ParallelFiles {
  readonly source: string;
  readonly target: string;
}

/** Where a run's examples come from; the same source is read again when the run is resumed. */
export type DataSource =
  | { readonly kind: "stories"; readonly count: number }
  /** With `tokens`, it is read in a stream, and its tokens are kept in that folder. */
  | { readonly kind: "file"; readonly path: string; readonly tokens?: string | undefined }
  | ({ readonly kind: "parallel"; readonly heldOut?: ParallelFiles | undefined } & ParallelFiles);

/** A text and what it is to become. */
export interface TextPair {
  readonly source: string;
  readonly target: string;
}

/** What was read: one text, one that is too large for that, or pairs. Pairs that were held out in files of their own stand apart. */
export type Data =
  | { readonly kind: "text"; readonly text: string }
  | StreamedText
  | { readonly kind: "pairs"; readonly pairs: readonly TextPair[]; readonly heldOut?: readonly TextPair[] | undefined };

const files = { source: z.string(), target: z.string() };

export const dataSourceSchema: z.ZodType<DataSource> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("stories"), count: z.int().positive() }),
  z.strictObject({ kind: z.literal("file"), path: z.string(), tokens: z.string().optional() }),
  z.strictObject({ kind: z.literal("parallel"), ...files, heldOut: z.strictObject(files).optional() }),
]);

/** The stories are always the same ones: `--seed` changes the training, not the text. */
const storySeed = 1;

/** The examples of a source. Throws `ConfigError` for a file that is no text and for two files that do not belong together. */
export async function readData(source: DataSource): Promise<Data> {
  switch (source.kind) {
    case "stories":
      return { kind: "text", text: stories({ seed: storySeed, count: source.count }) };
    case "file":
      return source.tokens === undefined
        ? { kind: "text", text: await readTextFile(source.path) }
        : await streamedText(source.path, source.tokens);
    case "parallel":
      return {
        kind: "pairs",
        pairs: await readPairs(source),
        heldOut: source.heldOut && (await readPairs(source.heldOut)),
      };
  }
}

/** The lines of two files, side by side. Throws `ConfigError` when one has more of them, or an empty one. */
export async function readPairs({ source, target }: ParallelFiles): Promise<TextPair[]> {
  const [from, to] = await Promise.all([source, target].map(async (path) => linesIn(await readTextFile(path))));
  if (from!.length !== to!.length) {
    throw new ConfigError(
      `${source} has ${count(from!.length)} lines, but ${target} has ${count(to!.length)}. Line by line one is to be the translation of the other.`,
      { source, target, lines: [from!.length, to!.length] },
    );
  }
  return from!.map((text, i) => {
    const empty = text.trim() === "" ? source : to![i]!.trim() === "" ? target : undefined;
    if (empty === undefined) return { source: text, target: to![i]! };
    throw new ConfigError(`line ${i + 1} of ${empty} is empty. Leave the pair out of both files.`, { line: i + 1 });
  });
}

/** The lines of a text, without what ends them; a line break at the very end begins no line. */
function linesIn(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The same files by paths that stay right when a run is resumed from another folder. */
export function settled(source: DataSource): DataSource {
  if (source.kind === "stories") return source;
  if (source.kind === "file") {
    const { path, tokens } = source;
    return { kind: "file", path: resolve(path), ...(tokens !== undefined && { tokens: resolve(tokens) }) };
  }
  const both = ({ source, target }: ParallelFiles): ParallelFiles => ({
    source: resolve(source),
    target: resolve(target),
  });
  return { kind: "parallel", ...both(source), ...(source.heldOut && { heldOut: both(source.heldOut) }) };
}

/** What a source is called, for people. */
export function sourceName(source: DataSource): string {
  switch (source.kind) {
    case "stories":
      return `${count(source.count)} ${source.count === 1 ? "story" : "stories"}`;
    case "file":
      return basename(source.path);
    case "parallel":
      return `${basename(source.source)} and ${basename(source.target)}`;
  }
}

/** Tells whether the examples are still those that a run began with. */
export function fingerprint(data: Data): string {
  if (data.kind === "streamed") return data.sha256;
  const hash = createHash("sha256");
  if (data.kind === "text") hash.update(data.text);
  else hash.update(JSON.stringify([data.pairs, data.heldOut ?? null]));
  return hash.digest("hex");
}
