import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs a program to its end; gives all that it printed. Its errors say what was run. */
export async function outputOf(program: string, given: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(program, [...given], { maxBuffer: 1 << 28 });
  return stdout + stderr;
}

/** The last number that stands behind some words in an output. */
export function lastNumber(output: string, behind: string, program: string): number {
  const found = [...output.matchAll(new RegExp(`${behind}\\s*([0-9.]+)`, "g"))].at(-1)?.[1];
  if (found === undefined) throw new Error(`${program} did not print "${behind}": ${output.slice(-300)}`);
  return Number(found);
}
