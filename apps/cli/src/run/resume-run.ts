import { ConfigError } from "@tenon/tensor";
import { loadTokenizer } from "@tenon/tokenizers";

import type { Session } from "../session.ts";
import { type DataSource, fingerprint, readData, settled } from "./data-source.ts";
import { makeRun, type Run } from "./run.ts";
import { readRun } from "./saved-run.ts";
import { tokensOf } from "./streamed-text.ts";
import type { Place } from "./train-loop.ts";

/**
 * Makes the run that was saved in a folder, as it was then. What was damaged and passed over is told on stderr.
 *
 * @param moved where its examples are now, if they have moved
 */
export async function resumeRun(
  folder: string,
  moved: DataSource | undefined,
  session: Session,
): Promise<{ run: Run; place: Place }> {
  const { checkpoint, options } = await readRun(folder);
  const source = moved === undefined ? options.data : settled(asBefore(moved, options.data));
  const data = await readData(source);
  if (fingerprint(data) !== options.dataHash) {
    const files =
      source.kind === "file"
        ? source.path
        : source.kind === "parallel"
          ? `${source.source} or ${source.target}`
          : undefined;
    throw new ConfigError(
      files === undefined
        ? `the stories of this version of Tenon are not those that the run in ${folder} began with. Use the version that began it, or begin a new run.`
        : `${files} is not the text that the run in ${folder} began with: it has changed since. Restore it, or say where it is now with ${source.kind === "file" ? "--text" : "--source and --target"}.`,
      { folder },
    );
  }
  const examples =
    data.kind === "streamed"
      ? await tokensOf(data, options.separator, loadTokenizer(options.tokenizer), session)
      : data;
  const run = await makeRun({ ...options, data: source }, examples, session.backend);
  // `fit` goes on from the checkpoint itself.
  for (const { file, reason } of checkpoint.passedOver) {
    await session.stderr.line(`Passed over ${file}, which is newer than what the run goes on from: ${reason}`);
  }
  return { run, place: { folder, step: checkpoint.step, resumed: true } };
}

/** Pairs that were held out in files of their own are where they were, unless they have moved as well; so are the tokens of a text. */
function asBefore(moved: DataSource, before: DataSource): DataSource {
  if (moved.kind === "parallel" && before.kind === "parallel")
    return { ...moved, heldOut: moved.heldOut ?? before.heldOut };
  if (moved.kind === "file" && before.kind === "file") return { ...moved, tokens: before.tokens };
  return moved;
}
