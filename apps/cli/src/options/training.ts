import { ConfigError } from "@tenon/tensor";
import { type OptimiserName, optimiserNames, type ScheduleName, scheduleNames } from "@tenon/training";
import type { Command } from "commander";

import { decimal, listed, oneOf, seed, wholeNumber } from "./values.ts";

/** How a model is to be trained. */
export interface TrainingFlags {
  readonly steps: number;
  readonly batch?: number;
  readonly accumulate: number;
  readonly rate: number;
  readonly schedule: ScheduleName;
  readonly warmUp?: number;
  readonly optimiser: OptimiserName;
  readonly weightDecay: number;
  readonly clip: number;
  readonly maskRate?: number;
  readonly labelSmoothing?: number;
  readonly movingAverage?: number;
  readonly recompute?: true;
  readonly evaluateEvery: number;
  readonly patience?: number;
  readonly seed: number;
}

/** Adds the flags that say how to train. */
export function addTrainingOptions(command: Command): Command {
  const count = (flag: string): ((text: string) => number) => wholeNumber(flag, { from: 1 });
  return command
    .optionsGroup("How to train:")
    .option("--steps <n>", "steps in all", count("--steps"), 2000)
    .option(
      "--batch <n>",
      "pieces of text in each batch; of pairs, the most positions with padding (default: 12; 2000)",
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
      "steps in which the rate climbs (default: 100, or a twentieth of the steps if that is less)",
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
    .option("--evaluate-every <n>", "steps between losses on what is held out", count("--evaluate-every"), 250)
    .option(
      "--patience <n>",
      "end after so many held-out losses in a row without a better one; the model is the best one then (default: never)",
      count("--patience"),
    )
    .option("--seed <n>", "the same seed gives the same model", seed("--seed"), 1);
}

/** The steps in which the rate climbs. Throws `ConfigError` where the schedule or the steps leave no room for those that were asked for. */
export function warmUpOf({ warmUp, steps, schedule }: TrainingFlags): number {
  if (schedule === "constant" && warmUp !== undefined && warmUp > 0)
    throw new ConfigError(
      "--warm-up goes before a schedule that decays, and --schedule constant does not. Leave one of them out.",
    );
  if (warmUp === undefined) return schedule === "constant" ? 0 : Math.min(100, Math.floor(steps / 20));
  if (warmUp < steps) return warmUp;
  throw new ConfigError(
    `--warm-up is ${warmUp}, but there are only ${steps} steps. Use fewer steps of warm-up, or more --steps.`,
    { warmUp, steps },
  );
}
