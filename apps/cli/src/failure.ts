import { isTenonError } from "@tenon/tensor";
import { CommanderError } from "commander";

import { exitCodes } from "./exit-codes.ts";
import { Interrupted } from "./interrupt.ts";
import type { Session } from "./session.ts";

/** Says on stderr why a command failed, and returns the exit code for it. */
export async function reportFailure(error: unknown, { stderr, command }: Session): Promise<number> {
  // Commander has said what there was to say; asking for help or the version is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof Interrupted) {
    if (error.message !== "") await stderr.line(error.message);
    return exitCodes.interrupted;
  }
  const problem = problemOf(error);
  if (problem !== undefined) {
    // Messages say `tenon …`; whoever came through npm has no such command to type.
    await stderr.line(`${stderr.style("red", "error:")} ${problem.replaceAll("`tenon ", `\`${command} `)}`);
    return exitCodes.problem;
  }
  await stderr.line(error instanceof Error ? (error.stack ?? error.message) : String(error));
  await stderr.line(
    `\nThis is a mistake in Tenon, not in what you typed. Please report it with the text above, what \`${command} --version\` says, and the command that you ran.`,
  );
  return exitCodes.bug;
}

/** What is wrong with what the command was given; undefined for a bug. */
function problemOf(error: unknown): string | undefined {
  // Sizes and dtypes that do not fit each other are nothing that a command line can bring about: its input was checked before.
  if (isTenonError(error)) return ["ShapeError", "DTypeError"].includes(error.name) ? undefined : error.message;
  if (error instanceof RangeError && /allocation failed|(typed array|array|string) length/i.test(error.message)) {
    return `there is not enough memory for this (${error.message}). Make the model, the context, the batch or the text smaller.`;
  }
  return undefined;
}
