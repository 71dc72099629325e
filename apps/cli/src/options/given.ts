import { ConfigError } from "@tenon/tensor";
import type { Command } from "commander";

import { listed } from "./values.ts";

/** The flags that were typed, in the order of the command's options: `--top-k`, not what stands for it by default. */
export function givenFlags(command: Command): string[] {
  return command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === "cli")
    .map((option) => option.long ?? option.flags);
}

/**
 * Throws `ConfigError` when `flag` was typed together with others that it leaves without effect: an option that is accepted is honoured.
 *
 * @param because why they do not go together
 */
export function refuseBeside(command: Command, flag: string, others: readonly string[], because: string): void {
  const given = givenFlags(command);
  const clash = given.includes(flag) ? given.filter((name) => others.includes(name)) : [];
  if (clash.length === 0) return;
  throw new ConfigError(
    `${flag} and ${listed(clash, "and")} contradict each other: ${because}. Leave one of them out.`,
    {
      options: [flag, ...clash],
    },
  );
}
