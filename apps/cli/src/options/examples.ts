import { ConfigError } from "@tenon/tensor";
import type { Command } from "commander";

import type { DataSource } from "../run/data-source.ts";
import { type TokenizerName, tokenizerNames } from "../run/make-tokenizer.ts";
import { listed, oneOf, someText, wholeNumber } from "./values.ts";

/** What a model is to learn from, and how that is cut into tokens. */
export interface ExampleFlags {
  readonly text?: string;
  readonly separator?: string;
  readonly tokens?: string;
  readonly source?: string;
  readonly target?: string;
  readonly heldOutSource?: string;
  readonly heldOutTarget?: string;
  readonly stories: number;
  readonly tokenizer?: TokenizerName;
  readonly vocabulary?: number;
}

/** The flags for pairs of texts. */
export const pairFlags = ["--source", "--target", "--held-out-source", "--held-out-target"] as const;

/** About as much text as the largest file that can be read. */
const mostStories = 200_000;

/** Adds the flags that say what to learn from. */
export function addExampleOptions(command: Command): Command {
  return command
    .optionsGroup("What to learn from:")
    .option("--text <file>", "a UTF-8 text file (default: Tenon's own stories)", someText("--text"))
    .option(
      "--separator <text>",
      "what stands between documents, \\n for a line break: a token takes its place, at which generate stops (default: none; blank lines for stories in byte-pairs)",
      someText("--separator"),
    )
    .option(
      "--tokens <folder>",
      "read the text in a stream and keep its tokens here, where the next run finds them; a text of more than 100 MB is read so without being told, its tokens in the folder `tokens` of --out",
      someText("--tokens"),
    )
    .option("--source <file>", "pairs instead: the texts to read, one in each line", someText("--source"))
    .option("--target <file>", "what is to be written for each line of --source", someText("--target"))
    .option(
      "--held-out-source <file>",
      "pairs to measure the loss on (default: the last tenth)",
      someText("--held-out-source"),
    )
    .option("--held-out-target <file>", "and what is to be written for them", someText("--held-out-target"))
    .option(
      "--stories <n>",
      "how many of Tenon's own stories",
      wholeNumber("--stories", { from: 1, to: mostStories }),
      2000,
    )
    .option(
      "--tokenizer <kind>",
      `what a token is: ${listed(tokenizerNames)} (default: character; word for an encoder, byte-pairs for pairs)`,
      oneOf("--tokenizer", tokenizerNames),
    )
    .option(
      "--vocabulary <n>",
      "the most tokens that byte-pairs learn from the text (default: 4000)",
      wholeNumber("--vocabulary", { from: 300 }),
    );
}

/** Where the flags say that the examples are. Throws `ConfigError` for one half of two files that belong together. */
export function dataSourceOf({
  text,
  tokens,
  source,
  target,
  heldOutSource,
  heldOutTarget,
  stories,
}: ExampleFlags): DataSource {
  const pairs = bothOf(source, target, "--source", "--target");
  const heldOut = bothOf(heldOutSource, heldOutTarget, "--held-out-source", "--held-out-target");
  if (pairs !== undefined) return { kind: "parallel", ...pairs, ...(heldOut && { heldOut }) };
  if (heldOut !== undefined)
    throw new ConfigError(
      "--held-out-source and --held-out-target are held out beside other pairs: give --source and --target too.",
    );
  return text === undefined
    ? { kind: "stories", count: stories }
    : { kind: "file", path: text, ...(tokens !== undefined && { tokens }) };
}

/** Where the examples of a run are now, if the flags say so. */
export const movedTo = (flags: ExampleFlags): DataSource | undefined =>
  [flags.text, flags.source, flags.target, flags.heldOutSource, flags.heldOutTarget].every((one) => one === undefined)
    ? undefined
    : dataSourceOf(flags);

function bothOf(
  source: string | undefined,
  target: string | undefined,
  sourceFlag: string,
  targetFlag: string,
): { source: string; target: string } | undefined {
  if (source !== undefined && target !== undefined) return { source, target };
  if (source === undefined && target === undefined) return undefined;
  const [given, missing] = source === undefined ? [targetFlag, sourceFlag] : [sourceFlag, targetFlag];
  throw new ConfigError(`${given} is one half of the pairs: give ${missing} too.`);
}
