import { poolings, type PoolingName } from "@tenon/models";
import { ConfigError } from "@tenon/tensor";
import type { Command } from "commander";

import { embedLines } from "../embedding/embed-lines.ts";
import { type EmbedderOptions, embedderOf } from "../embedding/embedder-of.ts";
import { jsonRow } from "../embedding/json-row-file.ts";
import { bytesOf, linesOf } from "../embedding/lines.ts";
import { outFile } from "../embedding/out-file.ts";
import type { RowFile } from "../embedding/row.ts";
import { addExamples } from "../help.ts";
import { Interrupted, interruptible } from "../interrupt.ts";
import { modelForms } from "../model/any-model.ts";
import { loadEncoder } from "../model/load-kind.ts";
import { addBackendOption } from "../options/backend.ts";
import { oneOf, someText, wholeNumber } from "../options/values.ts";
import { count, duration, plural } from "../output/numbers.ts";
import { progress } from "../output/progress.ts";
import type { Session } from "../session.ts";

interface EmbedFlags extends EmbedderOptions {
  readonly model: string;
  readonly input?: string;
  readonly out?: string;
  readonly resume?: true;
  readonly batchTokens: number;
}

const description =
  "Makes a vector of each line of a text, to compare it with others: similar lines have similar vectors. Lines of similar lengths are computed " +
  "together, and written in their order. A run that was interrupted goes on with --resume.";

/** Adds `tenon embed`. */
export function addEmbedCommand(program: Command, session: Session): Command {
  const command = program.command("embed").summary("make a vector of each line").description(description);
  const names = Object.keys(poolings) as PoolingName[];
  command
    .requiredOption("--model <name>", modelForms, someText("--model"))
    .option("--input <file>", "a text, a line for each vector (default: what is piped in)", someText("--input"))
    .option(
      "--out <file>",
      "a .jsonl file, with the text of each line beside its vector, or an .npy file for NumPy, of vectors alone (default: JSON lines on stdout)",
      outName,
    )
    .option("--resume", "go on with the --out of a run that was interrupted")
    .option(
      "--pooling <name>",
      "how a text's vector is made of its tokens', where the model does not say it",
      oneOf("--pooling", names),
    )
    .option(
      "--prompt <name>",
      "which of the model's prompts is put before each line, such as query",
      someText("--prompt"),
    )
    .option(
      "--batch-tokens <n>",
      "how many tokens are computed together, at most",
      wholeNumber("--batch-tokens", { from: 1 }),
      4096,
    );
  addBackendOption(command, session);
  addExamples(command, session.command, [
    {
      does: "a model of sentence-transformers, from the Hub",
      line: "embed --model sentence-transformers/all-MiniLM-L6-v2 --input lines.txt --out vectors.npy",
    },
    {
      does: "go on after an interruption",
      line: "embed --model sentence-transformers/all-MiniLM-L6-v2 --input lines.txt --out vectors.npy --resume",
    },
  ]);
  return command.action(async (flags: EmbedFlags) => embed(flags, session));
}

async function embed(flags: EmbedFlags, session: Session): Promise<void> {
  const { stdin, stdout, stderr } = session;
  const { model, input, out, resume = false, pooling, prompt, batchTokens } = flags;
  if (resume && (out === undefined || input === undefined))
    throw new ConfigError("--resume goes on with a file and reads the same text again, so it takes --out and --input.");
  const loaded = await loadEncoder(model, session, "gives no vectors");
  const embedder = await embedderOf(loaded, { pooling, prompt });
  const key = { model, input: input ?? null, pooling: pooling ?? null, prompt: prompt ?? null };
  const file = out === undefined ? undefined : await outFile(out, embedder.width, key, resume);
  const total = input === undefined ? undefined : await lineCount(input, stdin);
  const shown = out === undefined || total === undefined ? undefined : progress(stderr, total);
  const begun = performance.now();
  try {
    const done = await interruptible(async (interrupt) => {
      const lines = linesOf(bytesOf(input, stdin), input ?? "the text from stdin");
      const made = await embedLines(lines, embedder, file ?? onto(session), {
        tokens: batchTokens,
        window: 512,
        signal: AbortSignal.any([interrupt, stdout.closed]),
        onProgress: async (lines, tokens) =>
          shown?.update(lines, `${count(Math.round((1000 * tokens) / (performance.now() - begun)))} tokens/s`),
      }).catch((error: unknown) => {
        if (interrupt.aborted) return undefined;
        throw error;
      });
      return made;
    });
    shown?.stop();
    await file?.close();
    if (done === undefined)
      throw new Interrupted(out === undefined ? "" : `What is done is in ${out}; go on with --resume.`);
    await file?.finish();
    if (out !== undefined) {
      const seconds = (performance.now() - begun) / 1000;
      await stderr.line(
        `${plural(done.lines - (file?.rows ?? 0), "line")} in ${duration(seconds)}, vectors of ${embedder.width} numbers, in ${out}`,
      );
    }
  } finally {
    shown?.stop();
  }
}

const outName = (path: string): string => {
  if (/\.(jsonl|npy)$/i.test(path)) return path;
  throw new ConfigError(
    `--out writes lines of JSON or NumPy's format, so its file ends with .jsonl or .npy, got "${path}".`,
    { option: "--out", value: path },
  );
};

async function lineCount(path: string, stdin: Session["stdin"]): Promise<number> {
  let lines = 0;
  for await (const _ of linesOf(bytesOf(path, stdin), path)) lines++;
  return lines;
}

function onto({ stdout }: Session): RowFile {
  return { rows: 0, append: (rows) => stdout.write(rows.map(jsonRow).join("")), close: () => Promise.resolve() };
}
