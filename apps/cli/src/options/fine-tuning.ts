import type { Assembled } from "@tenon/models";
import type { Origin } from "@tenon/pretrained";
import { ConfigError } from "@tenon/tensor";
import type { Command } from "commander";

import { modelForms } from "../model/any-model.ts";
import { givenFlags } from "./given.ts";
import { decimal, listed, someText, wholeNumber } from "./values.ts";

/** How a model that is there already is trained further. */
export interface FineTuningFlags {
  readonly from?: string;
  readonly window?: number;
  readonly loraRank?: number;
  readonly loraAlpha?: number;
  readonly loraTargets?: readonly string[];
}

/** The maps that the paper adapts: of the query and of the value, in every attention. */
const usualTargets = ["**.query.weight", "**.value.weight"] as const;

/** Adds --from and what belongs to it. */
export function addFineTuningOptions(command: Command): Command {
  return command
    .optionsGroup("To train a model further:")
    .option(
      "--from <name>",
      `begin with a model and its tokenizer, in place of all that says what the model is, and of --tokenizer: ${modelForms}`,
      someText("--from"),
    )
    .option(
      "--window <n>",
      "tokens in each piece of text, where the model's context is more than you need (default: the context; of others' models 512 at most)",
      wholeNumber("--window", { from: 3 }),
    )
    .option(
      "--lora-rank <n>",
      "train adapters of this rank beside weights that stay (LoRA), and add them to the weights in the end: a small part of the memory",
      wholeNumber("--lora-rank", { from: 1 }),
    )
    .option(
      "--lora-alpha <x>",
      "what is learned so is multiplied by this, divided by the rank (default: the rank)",
      decimal("--lora-alpha", { above: 0 }),
    )
    .option(
      "--lora-targets <paths>",
      `which weights, by their paths with *, parted by commas, as \`tenon inspect\` shows them (default: ${usualTargets.join(",")})`,
      (text: string) => someText("--lora-targets")(text).split(","),
    );
}

/** The adapters that are asked for, if there are some. */
export function loraOf({
  from,
  loraRank: rank,
  loraAlpha = rank,
  loraTargets = usualTargets,
}: FineTuningFlags):
  | { readonly rank: number; readonly alpha: number; readonly targets: readonly string[] }
  | undefined {
  if (rank === undefined || from === undefined) return undefined;
  return { rank, alpha: loraAlpha!, targets: loraTargets };
}

/** Models of others may have contexts with which no step fits into memory. */
const longestUsualWindow = 512;

/** How long a piece of text is, where that is less than the model's context. Throws `ConfigError` for more, and for a model of pairs. */
export function windowOf(
  { window }: FineTuningFlags,
  { model, origin }: { readonly model: Assembled; readonly origin?: Origin | undefined },
): number | undefined {
  if (model.spec.kind !== "decoder" && model.spec.kind !== "encoder") {
    if (window === undefined) return undefined;
    throw new ConfigError(
      `--window is for pieces of a text, and a model of the kind "${model.spec.kind}" learns from whole pairs. Leave it out.`,
      { window },
    );
  }
  const { context } = model.spec;
  if (window !== undefined && window > context)
    throw new ConfigError(`--window is ${window}, and the model's context is ${context}. Use at most that.`, {
      window,
      context,
    });
  return window ?? (origin !== undefined && context > longestUsualWindow ? longestUsualWindow : undefined);
}

/** Throws `ConfigError` for an option that needs another one. */
export function expectFineTuning(command: Command): void {
  const given = givenFlags(command);
  const without = (needed: string, why: string, flags: readonly string[]): void => {
    const found = flags.filter((flag) => given.includes(flag));
    if (found.length === 0 || given.includes(needed)) return;
    throw new ConfigError(
      `${listed(found, "and")} without ${needed}: ${why}. Give ${needed} too, or leave ${found.length === 1 ? "it" : "them"} out.`,
      {
        options: found,
        needed,
      },
    );
  };
  without("--from", "a new model has the context that --context says", ["--window"]);
  without("--from", "adapters are trained beside the weights of a model that has learned something", ["--lora-rank"]);
  without("--lora-rank", "there are no adapters", ["--lora-alpha", "--lora-targets"]);
}
