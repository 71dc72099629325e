import type { Command } from "commander";

import { addExamples } from "../help.ts";
import {
  addArchitectureOptions,
  type ArchitectureFlags,
  architectureFlags,
  type TrainedKind,
  trainedKinds,
} from "../options/architecture.ts";
import { givenFlags, refuseBeside } from "../options/given.ts";
import { decimal, listed, oneOf, seed, someText, wholeNumber } from "../options/values.ts";
import { jsonReporter } from "../run/json-reporter.ts";
import { type TokenizerName, tokenizerNames } from "../run/make-tokenizer.ts";
import { type OptimiserName, optimiserNames } from "../run/optimiser.ts";
import { dataSourceOf, newRun } from "../run/new-run.ts";
import { peopleReporter } from "../run/people-reporter.ts";
import { resumeRun } from "../run/resume-run.ts";
import { type ScheduleName, scheduleNames } from "../run/schedule.ts";
import { trainRun } from "../run/train-loop.ts";
import { addBackendOption } from "../options/backend.ts";
import type { Session } from "../session.ts";

/** What `tenon train` was told. */
export interface TrainFlags extends ArchitectureFlags {
  readonly model?: TrainedKind;
  readonly text?: string;
  readonly source?: string;
  readonly target?: string;
  readonly heldOutSource?: string;
  readonly heldOutTarget?: string;
  readonly stories: number;
  readonly tokenizer?: TokenizerName;
  readonly vocabulary: number;
  readonly separator?: string;
  readonly spec?: string;
  readonly from?: string;
  readonly batch?: number;
  readonly accumulate: number;
  readonly steps: number;
  readonly rate: number;
  readonly schedule: ScheduleName;
  readonly warmUp?: number;
  readonly optimiser: OptimiserName;
  readonly weightDecay: number;
  readonly movingAverage?: number;
  readonly recompute?: true;
  readonly clip: number;
  readonly maskRate?: number;
  readonly labelSmoothing?: number;
  readonly evaluateEvery: number;
  readonly saveEvery: number;
  readonly patience?: number;
  readonly seed: number;
  readonly out?: string;
  readonly tensorboard?: string;
  readonly resume?: string;
  readonly force?: true;
  readonly json?: true;
}

const description =
  "Trains a model and writes it to a folder: on a text a decoder, which learns to continue it, or an encoder, which learns to fill in masked words; on pairs of " +
  "texts an encoder–decoder, which learns to write one for the other. The last tenth is held out, unless you give files for that: the loss on it shows what the model has " +
  "learned rather than memorised. Whatever ends the run, be it Ctrl-C or kill -9, --resume goes on from what was saved last, to the same bits as if nothing had happened.";

/** About as much text as the largest file that can be read. */
const mostStories = 200_000;

/** Adds `tenon train`. */
export function addTrainCommand(program: Command, session: Session): Command {
  const command = program.command("train").summary("train a model on a text").description(description);
  const count = (flag: string): ((text: string) => number) => wholeNumber(flag, { from: 1 });

  command
    .optionsGroup("What to learn from:")
    .option("--text <file>", "a UTF-8 text file (default: Tenon's own stories)", someText("--text"))
    .option(
      "--separator <text>",
      "what stands between documents, \\n for a line break: a token takes its place, at which generate stops (default: none; blank lines for stories in byte-pairs)",
      someText("--separator"),
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
      "the most tokens, where the tokenizer learns them from the text: byte-pairs",
      wholeNumber("--vocabulary", { from: 300 }),
      4000,
    );

  command
    .optionsGroup("The model:")
    .option(
      "--model <kind>",
      `${listed(trainedKinds)} (default: decoder; encoder-decoder for pairs)`,
      oneOf("--model", trainedKinds),
    );
  addArchitectureOptions(command).option(
    "--spec <file>",
    "a JSON spec in place of the options above",
    someText("--spec"),
  );
  command.option(
    "--from <path>",
    "begin with the parameters and the tokenizer of this trained model, in place of all the options above",
    someText("--from"),
  );

  command
    .optionsGroup("How to train:")
    .option("--steps <n>", "steps in all", count("--steps"), 2000)
    .option(
      "--batch <n>",
      "pieces of text in each step; of pairs, the most positions with padding (default: 12; 2000)",
      count("--batch"),
    )
    .option(
      "--accumulate <n>",
      "batches in each step, one after the other in the memory of one",
      count("--accumulate"),
      1,
    )
    .option("--rate <x>", "the highest learning rate", decimal("--rate", { above: 0 }), 0.001)
    .option(
      "--schedule <name>",
      `how the rate goes on from there: ${listed(scheduleNames)}; cosine ends at a tenth of it`,
      oneOf("--schedule", scheduleNames),
      "cosine",
    )
    .option(
      "--warm-up <n>",
      "steps in which the rate climbs (default: 100, or a twentieth of the steps)",
      wholeNumber("--warm-up", { from: 0 }),
    )
    .option(
      "--optimiser <name>",
      `what changes the parameters by their gradients: ${listed(optimiserNames)}; adafactor and sgd ask for ten or more times the --rate, lion for a tenth`,
      oneOf("--optimiser", optimiserNames),
      "adamw",
    )
    .option("--weight-decay <x>", "how strongly weights are pulled to 0", decimal("--weight-decay", { from: 0 }), 0.1)
    .option("--clip <x>", "the largest norm of the gradients", decimal("--clip", { above: 0 }), 1)
    .option(
      "--mask-rate <share>",
      "share of the words that an encoder has to guess (default: 0.15)",
      decimal("--mask-rate", { above: 0, to: 1 }),
    )
    .option(
      "--label-smoothing <share>",
      "share of each token of a translation that all tokens divide (default: 0.1)",
      decimal("--label-smoothing", { from: 0, below: 1 }),
    )
    .option(
      "--moving-average <share>",
      "make the model from an average of the parameters that keeps this much in each step, such as 0.999",
      decimal("--moving-average", { above: 0, below: 1 }),
    )
    .option(
      "--recompute",
      "compute activations again on the way back, in place of keeping them: less memory, more time",
    )
    .option(
      "--patience <n>",
      "end after so many held-out losses in a row without a better one, with the best model (default: never)",
      count("--patience"),
    )
    .option("--seed <n>", "the same seed gives the same model", seed("--seed"), 1);
  addBackendOption(command, session);

  command
    .optionsGroup("Where it goes:")
    .option(
      "--out <folder>",
      "where to write model.safetensors (default: tenon-decoder or tenon-encoder)",
      someText("--out"),
    )
    .option("--force", "replace a model that is there")
    .option(
      "--resume <folder>",
      "go on with the run in this folder, with the options that it began with",
      someText("--resume"),
    )
    .option("--evaluate-every <n>", "steps between losses on the held-out text", count("--evaluate-every"), 250)
    .option("--tensorboard <folder>", "write TensorBoard's event files, too", someText("--tensorboard"))
    .option("--save-every <n>", "steps between saves", count("--save-every"), 500)
    .option("--json", "write a line of JSON for each step to stdout, and no bar");

  addExamples(command, session.command, [
    { does: "a GPT of 0.8 million parameters on Tenon's own stories, in minutes", line: "train --out stories" },
    {
      does: "a smaller one with rotary positions, on a text of yours",
      line: "train --text notes.txt --layers 2 --width 64 --position rotary --out notes",
    },
    { does: "an encoder that fills in words", line: "train --model encoder --context 32 --steps 3000 --out words" },
    {
      does: "a translator, from two files with as many lines",
      line: "train --source train.en --target train.de --layers 3 --width 256 --out translator",
    },
    { does: "go on after Ctrl-C", line: "train --resume stories" },
    {
      does: "train a finished model further, here on a text of yours",
      line: "train --from stories --text notes.txt --rate 0.0003 --out tuned",
    },
  ]);
  return command.action(async (flags: TrainFlags) => train(flags, command, session));
}

async function train(flags: TrainFlags, command: Command, session: Session): Promise<void> {
  refuseContradictions(command);
  const { run, place } =
    flags.resume === undefined ? await newRun(flags, session) : await resumeRun(flags.resume, movedTo(flags), session);
  const reporter = flags.json ? jsonReporter(session.stdout) : peopleReporter(session);
  await trainRun(run, { ...place, tensorboard: flags.tensorboard }, reporter, session);
}

/** Where the examples of a run are now, if it says so. */
const movedTo = (flags: TrainFlags): ReturnType<typeof dataSourceOf> | undefined =>
  flags.text === undefined && flags.source === undefined && flags.target === undefined
    ? undefined
    : dataSourceOf(flags);

const pairFlags = ["--source", "--target", "--held-out-source", "--held-out-target"] as const;

function refuseContradictions(command: Command): void {
  refuseBeside(
    command,
    "--from",
    ["--model", "--tokenizer", "--vocabulary", "--spec", ...architectureFlags],
    "a trained model brings its architecture and its tokenizer along",
  );
  const allowed = ["--resume", "--text", ...pairFlags, "--tensorboard", "--json", "--backend"];
  const others = givenFlags(command).filter((flag) => !allowed.includes(flag));
  refuseBeside(command, "--resume", others, "a run goes on with the options that it began with, in its own folder");
  refuseBeside(command, "--spec", architectureFlags, "the spec says what the model is");
  refuseBeside(command, "--text", ["--stories"], "the text takes the place of the stories");
  refuseBeside(command, "--text", pairFlags, "a run learns from a text or from pairs");
  refuseBeside(command, "--source", ["--stories"], "the pairs take the place of the stories");
}
