// A folder that a script of goldens/ has Hugging Face write: the files, and what the model answered.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { filesInMemory } from "../src/files/files-in-memory.ts";
import type { ModelFiles } from "../src/files/model-files.ts";

/** Every file of a golden folder, by its path. */
export const goldenContent = (name: string): Map<string, Uint8Array> =>
  contentOf(fileURLToPath(new URL(`../goldens/${name}/`, import.meta.url)));

/** Every file of a folder, by its path. */
export function contentOf(folder: string): Map<string, Uint8Array> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length).replace(/^\//, ""));
  return new Map(paths.map((path) => [path, new Uint8Array(readFileSync(join(folder, path)))]));
}

export const goldenFolder = (name: string): ModelFiles => filesInMemory(goldenContent(name), name);

/** What `decoder_folder` of goldens/folder.py writes. */
export interface ExpectedDecoder {
  readonly prompts: readonly (readonly number[])[];
  readonly logits: readonly (readonly number[])[];
  readonly greedy: readonly (readonly number[])[];
  readonly beams: {
    readonly count: number;
    readonly lengthPenalty: number;
    readonly ids: readonly (readonly number[])[];
  };
  readonly end: number;
  readonly tokens: number;
}

/** What the script wrote beside the files. */
export const expectedOf = <T>(name: string): T =>
  JSON.parse(new TextDecoder().decode(goldenContent(name).get("expected.json"))) as T;
