import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";

import { stories } from "@tenon/stories";
import { z } from "zod";

import { readTextFile } from "../files/text-file.ts";
import { count } from "../output/numbers.ts";

/** Where a run's text comes from; the same source is read again when the run is resumed. */
export type TextSource =
  | { readonly kind: "stories"; readonly count: number }
  | { readonly kind: "file"; readonly path: string };

export const textSourceSchema: z.ZodType<TextSource> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("stories"), count: z.int().positive() }),
  z.strictObject({ kind: z.literal("file"), path: z.string() }),
]);

/** The stories are always the same ones: `--seed` changes the training, not the text. */
const storySeed = 1;

/** A text file, by a path that stays right when a run is resumed from another folder. */
export const fileSource = (path: string): TextSource => ({ kind: "file", path: resolve(path) });

/** The text of a source. Throws `ConfigError` for a file that is no text. */
export async function readText(source: TextSource): Promise<string> {
  return source.kind === "stories" ? stories({ seed: storySeed, count: source.count }) : readTextFile(source.path);
}

/** What a source is called, for people. */
export const sourceName = (source: TextSource): string =>
  source.kind === "file" ? basename(source.path) : `${count(source.count)} ${source.count === 1 ? "story" : "stories"}`;

/** Tells whether a text is still the one that a run began with. */
export const fingerprint = (text: string): string => createHash("sha256").update(text).digest("hex");
