import { ConfigError } from "@tenon/tensor";

import { readTextFile } from "../files/text-file.ts";
import type { Session } from "../session.ts";
import { readRun, restoreRun } from "./run-file.ts";
import { makeRun, type Run } from "./run.ts";
import { fileSource, fingerprint, readText } from "./text-source.ts";
import type { Place } from "./train-loop.ts";

/**
 * Makes the run that was saved in a folder, as it was then.
 *
 * @param textPath where its text is now, if it has moved
 */
export async function resumeRun(
  folder: string,
  textPath: string | undefined,
  session: Session,
): Promise<{ run: Run; place: Place }> {
  const saved = await readRun(folder);
  const source = textPath === undefined ? saved.options.text : fileSource(textPath);
  const text = await (textPath === undefined ? readText(source) : readTextFile(textPath));
  if (fingerprint(text) !== saved.options.textHash) {
    throw new ConfigError(
      source.kind === "file"
        ? `${source.path} is not the text that the run in ${folder} began with: it has changed since. Restore it, or say where it is now with --text.`
        : `the stories of this version of Tenon are not those that the run in ${folder} began with. Use the version that began it, or begin a new run.`,
      { folder },
    );
  }
  const run = await makeRun({ ...saved.options, text: source }, text, session.backend);
  restoreRun(run, saved);
  return { run, place: { folder, heldOut: saved.heldOut } };
}
