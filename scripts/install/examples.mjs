// Runs the examples of READMEs where they were installed.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { transform } from "esbuild";

import { run } from "./project.mjs";
import { words } from "./readme.mjs";

/** The example as JavaScript that Node 20 and browsers run. */
export async function asJavaScript({ code }) {
  return (await transform(code, { loader: "ts", target: "node20", format: "esm" })).code;
}

/** The example as a program in a project: `example.ts` as it stands in the README, and `example.js` for who runs no TypeScript. */
export async function writeExample(folder, example) {
  writeFileSync(join(folder, "example.ts"), example.code);
  writeFileSync(join(folder, "example.js"), await asJavaScript(example));
}

/** Runs the example that lies in a project, in an empty folder; throws unless it prints what the README says. */
export async function runInstalled(
  folder,
  { name, prints },
  { program = process.execPath, args = [], file = "example.ts", env } = {},
) {
  const cwd = mkdtempSync(join(folder, "run-"));
  try {
    const printed = await run(program, [...args, join(folder, file)], { cwd, env });
    expectWords(name, printed, prints);
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

export function expectWords(name, printed, prints) {
  const [is, said] = [words(printed), words(prints.join(" "))];
  if (is.join(" ") !== said.join(" "))
    throw new Error(`${name} prints ${is.join(" ")}, where its README says ${said.join(" ")}`);
}
