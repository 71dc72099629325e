import { readFile, rm, stat, writeFile } from "node:fs/promises";

import { ConfigError } from "@tenon/tensor";

import { jsonRowFile } from "./json-row-file.ts";
import { npyRowFile } from "./npy-row-file.ts";
import type { RowFile } from "./row.ts";

/** What a run was asked for, by which it is known again: going on with another model would mix up two kinds of vectors. */
export type RunKey = Readonly<Record<string, string | null>>;

/**
 * The file that vectors are written to, .jsonl or .npy by its name. A note beside it, `<file>.unfinished`, says what the run was asked for, until `finish` removes it. Throws
 * `ConfigError` for a file that is there already, unless it is to go on and the note says that it can.
 */
export async function outFile(
  path: string,
  width: number,
  key: RunKey,
  resume: boolean,
): Promise<RowFile & { finish(): Promise<void> }> {
  const note = `${path}.unfinished`;
  const there = (await stat(path).catch(() => undefined)) !== undefined;
  const before = await readFile(note, "utf8").catch(() => undefined);
  if (there && !resume) {
    const remedy =
      before === undefined ? "Name another --out, or remove it." : "Go on with it: --resume. Or name another --out.";
    throw new ConfigError(`${path} is there already. ${remedy}`, { file: path });
  }
  if (resume) {
    if (!there) throw new ConfigError(`there is no ${path} to go on with. Leave --resume out.`, { file: path });
    if (before === undefined)
      throw new ConfigError(`${path} is finished: there is nothing to go on with.`, { file: path });
    const other = Object.entries(key).find(([name, value]) => valueIn(before, name) !== value);
    if (other !== undefined) {
      throw new ConfigError(
        `${path} was begun with ${other[0]} ${JSON.stringify(valueIn(before, other[0]))}, not ${JSON.stringify(other[1])}. Go on with the same, or name another --out.`,
        { file: path },
      );
    }
  } else await writeFile(note, `${JSON.stringify(key, undefined, 2)}\n`);
  const file = path.toLowerCase().endsWith(".npy")
    ? await npyRowFile(path, width, resume)
    : await jsonRowFile(path, resume);
  return { ...file, finish: () => rm(note, { force: true }) };
}

function valueIn(note: string, name: string): string | null {
  try {
    const value = (JSON.parse(note) as Readonly<Record<string, unknown>>)[name];
    return typeof value === "string" ? value : null;
  } catch {
    return null; // a note that was cut off fits nothing
  }
}
