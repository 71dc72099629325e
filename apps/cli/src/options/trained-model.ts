import type { Command } from "commander";

import { addArchitectureOptions, type ArchitectureFlags, type TrainedKind, trainedKinds } from "./architecture.ts";
import { listed, oneOf, someText } from "./values.ts";

/** What model is to be trained. */
export interface TrainedModelFlags extends ArchitectureFlags {
  readonly model?: TrainedKind;
  readonly spec?: string;
  readonly from?: string;
}

/** Adds the flags that say what model is to be trained. */
export function addTrainedModelOptions(command: Command): Command {
  command
    .optionsGroup("The model:")
    .option(
      "--model <kind>",
      `${listed(trainedKinds)} (default: decoder; encoder-decoder for pairs)`,
      oneOf("--model", trainedKinds),
    );
  return addArchitectureOptions(command)
    .option("--spec <file>", "a JSON spec in place of the options above", someText("--spec"))
    .option(
      "--from <path>",
      "begin with the parameters and the tokenizer of this trained model, in place of the options above and of --tokenizer",
      someText("--from"),
    );
}
