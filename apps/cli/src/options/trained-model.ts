import type { Command } from "commander";

import { addArchitectureOptions, type ArchitectureFlags, type TrainedKind, trainedKinds } from "./architecture.ts";
import { listed, oneOf, someText } from "./values.ts";

/** What model is to be trained. */
export interface TrainedModelFlags extends ArchitectureFlags {
  readonly model?: TrainedKind;
  readonly spec?: string;
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
  return addArchitectureOptions(command).option(
    "--spec <file>",
    "a JSON spec in place of the options above",
    someText("--spec"),
  );
}
