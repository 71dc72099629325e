import { ConfigError } from "@tenon/tensor";
import type { Command } from "commander";

import { type BackendName, usualBackend } from "../backends/choices.ts";
import { shellWord } from "../shell-word.ts";
import { architectureFlags, recurrentFlags } from "./architecture.ts";
import { type ExampleFlags, pairFlags } from "./examples.ts";
import { expectFineTuning, type FineTuningFlags } from "./fine-tuning.ts";
import { givenFlags, refuseBeside } from "./given.ts";
import type { TrainedModelFlags } from "./trained-model.ts";
import type { TrainingFlags } from "./training.ts";

/** What `tenon train` was told. */
export interface TrainFlags extends ExampleFlags, TrainedModelFlags, FineTuningFlags, TrainingFlags {
  readonly backend: BackendName;
  readonly out?: string;
  readonly force?: true;
  readonly saveEvery: number;
  readonly tensorboard?: string;
  readonly resume?: string;
  readonly json?: true;
}

/** What may be said of a run that began earlier: where things are, and what only this session does. */
const besideResume = ["--resume", "--text", ...pairFlags, "--tensorboard", "--json", "--backend"];

/** What is typed beside `--resume` to go on as in this session, with a space before each flag. */
export function againOf({ backend, tensorboard }: TrainFlags): string {
  const computes = backend === usualBackend ? "" : ` --backend ${backend}`;
  return tensorboard === undefined ? computes : `${computes} --tensorboard ${shellWord(tensorboard)}`;
}

/** Throws `ConfigError` for flags of which one leaves another without effect. */
export function refuseContradictions(command: Command, { model }: TrainFlags): void {
  const given = givenFlags(command);
  expectFineTuning(command);
  refuseBeside(
    command,
    "--from",
    ["--model", "--tokenizer", "--vocabulary", "--spec", ...architectureFlags],
    "a trained model brings its architecture and its tokenizer along",
  );
  const others = given.filter((flag) => !besideResume.includes(flag));
  refuseBeside(command, "--resume", others, "a run goes on with the options that it began with, in its own folder");
  refuseBeside(command, "--spec", architectureFlags, "the spec says what the model is");
  refuseBeside(command, "--text", ["--stories"], "the text takes the place of the stories");
  refuseBeside(command, "--text", pairFlags, "a run learns from a text or from pairs");
  if (given.includes("--tokens") && !given.includes("--text"))
    throw new ConfigError("--tokens is where those of a --text are kept: give one, or leave it out.");
  refuseBeside(command, "--source", ["--stories"], "the pairs take the place of the stories");
  if (!model?.startsWith("rnn-")) return;
  const useless = given.find((flag) => includes(architectureFlags, flag) && !includes(recurrentFlags, flag));
  if (useless === undefined) return;
  throw new ConfigError(
    `${useless} is not for a model of the kind "${model}", which has no such thing. Leave it out.`,
    { option: useless, kind: model },
  );
}

const includes = (flags: readonly string[], flag: string): boolean => flags.includes(flag);
