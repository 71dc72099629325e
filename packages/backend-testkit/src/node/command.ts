import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isTenonError } from "@tenon/tensor";

import { renderMatrix } from "../matrix.ts";
import { parseResults } from "../results.ts";

const usage = `Usage: tenon-testkit matrix <results.json ...> [--out <file.md>]

Renders the support matrix, op by backend, from what the testkit's vitest reporter wrote.`;

/** Runs the command; returns the exit code. */
export function main(argv: readonly string[], print: (text: string) => void, complain: (text: string) => void): number {
  try {
    const { positionals, values } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { out: { type: "string" }, help: { type: "boolean", short: "h" } },
    });
    const [command, ...files] = positionals;
    if (values.help === true) {
      print(usage);
      return 0;
    }
    if (command !== "matrix" || files.length === 0) {
      complain(usage);
      return 2;
    }
    const matrix = renderMatrix(files.map((file) => parseResults(readFileSync(file, "utf8"), file)));
    if (values.out === undefined) print(matrix);
    else writeFileSync(values.out, matrix);
    return 0;
  } catch (error) {
    const expected = error instanceof Error && ("code" in error || isTenonError(error));
    if (!expected) throw error;
    complain(error.message);
    return 1;
  }
}
