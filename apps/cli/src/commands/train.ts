import type { Command } from "commander";

import { addExamples } from "../help.ts";
import { addBackendOption } from "../options/backend.ts";
import { addExampleOptions, movedTo } from "../options/examples.ts";
import { addFineTuningOptions } from "../options/fine-tuning.ts";
import { againOf, refuseContradictions, type TrainFlags } from "../options/train.ts";
import { addTrainedModelOptions } from "../options/trained-model.ts";
import { addTrainingOptions } from "../options/training.ts";
import { someText, wholeNumber } from "../options/values.ts";
import { jsonReporter } from "../run/json-reporter.ts";
import { newRun } from "../run/new-run.ts";
import { peopleReporter } from "../run/people-reporter.ts";
import { resumeRun } from "../run/resume-run.ts";
import { trainRun } from "../run/train-loop.ts";
import type { Session } from "../session.ts";

const description =
  "Trains a model and writes it to a folder: on a text a decoder, which learns to continue it, or an encoder, which learns to fill in masked words; on pairs of " +
  "texts an encoder–decoder, which learns to write one for the other. The last tenth is held out, unless you give files for that: the loss on it shows what the model has " +
  "learned rather than memorised. Whatever ends the run, be it Ctrl-C or kill -9, --resume goes on from what was saved last, to the same bits as if nothing had happened.";

/** Adds `tenon train`. */
export function addTrainCommand(program: Command, session: Session): Command {
  const command = program
    .command("train")
    .summary("train a model on a text or on pairs of texts")
    .description(description);
  addExampleOptions(command);
  addTrainedModelOptions(command);
  addFineTuningOptions(command);
  addTrainingOptions(command);
  addBackendOption(command, session);
  command
    .optionsGroup("Where it goes:")
    .option(
      "--out <folder>",
      "where to write model.safetensors, metrics.jsonl and loss.svg (default: tenon- and the kind of the model, as in tenon-decoder)",
      someText("--out"),
    )
    .option("--force", "replace a model or an unfinished run that is there")
    .option("--save-every <n>", "steps between saves", wholeNumber("--save-every", { from: 1 }), 500)
    .option(
      "--resume <folder>",
      "go on with the run in this folder, with the options that it began with",
      someText("--resume"),
    )
    .option("--tensorboard <folder>", "write TensorBoard's event files there, too", someText("--tensorboard"))
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
    {
      does: "train adapters beside a model of the Hub, in little more memory than it takes itself",
      line: "train --from HuggingFaceTB/SmolLM2-135M --lora-rank 8 --text notes.txt --batch 2 --out tuned",
    },
  ]);
  return command.action(async (flags: TrainFlags) => train(flags, command, session));
}

async function train(flags: TrainFlags, command: Command, session: Session): Promise<void> {
  refuseContradictions(command, flags);
  const { run, place } =
    flags.resume === undefined ? await newRun(flags, session) : await resumeRun(flags.resume, movedTo(flags), session);
  const reporter = flags.json ? jsonReporter(session.stdout) : peopleReporter(session);
  await trainRun(run, { ...place, tensorboard: flags.tensorboard, again: againOf(flags) }, reporter, session);
}
