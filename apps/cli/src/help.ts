import { styleText } from "node:util";

import type { Command } from "commander";

/** A command to try, without the name of the program, and what it does. */
export interface Example {
  readonly does: string;
  readonly line: string;
}

/** Adds worked examples below a command's options. They are what someone can paste: `program` is how the program is called here. */
export function addExamples(command: Command, program: string, examples: readonly Example[]): void {
  const lines = examples.flatMap(({ does, line }) => [
    `  ${styleText("dim", `# ${does}`)}`,
    `  ${program} ${line}`,
    "",
  ]);
  command.addHelpText("after", `\n${styleText("bold", "Examples:")}\n${lines.slice(0, -1).join("\n")}`);
}
