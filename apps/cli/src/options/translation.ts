import type { Command } from "commander";

import { decimal, someText, wholeNumber } from "./values.ts";

/** How texts are translated, as flags give it. */
export interface TranslationFlags {
  readonly prefix?: string;
  readonly beams?: number;
  readonly tokens?: number;
  readonly lengthPenalty?: number;
}

/** Adds the flags that say how texts are translated. */
export function addTranslationOptions(command: Command): Command {
  return command
    .option(
      "--prefix <text>",
      'what is put before each text, such as "translate English to German: " for T5',
      someText("--prefix"),
    )
    .option(
      "--beams <n>",
      "how many translations are followed at a time; 1 takes the likeliest token every time (default: as the model's authors chose, or 4)",
      wholeNumber("--beams", { from: 1 }),
    )
    .option(
      "--tokens <n>",
      "the most tokens of a translation (default: as they chose, or 512)",
      wholeNumber("--tokens", { from: 1 }),
    )
    .option(
      "--length-penalty <x>",
      "above 1 favours long translations, below 1 short ones (default: as they chose, or 1)",
      decimal("--length-penalty"),
    );
}
