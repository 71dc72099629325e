import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";

import { InvalidArgumentError, Option, type Command } from "commander";

import { describeMachine } from "../machine.ts";
import { competeInPage } from "./browser.ts";
import { compete, type Contest } from "./contest.ts";
import type { Mode } from "./gpu.ts";
import { entryText, failuresOf, goalsText, reportJson, type Entry } from "./report.ts";
import { bertSmall } from "./sizes.ts";

const modes: readonly Mode[] = ["webasm", "cpu", "webgl2", "webgpu"];
/** Those for which a page is needed. */
const inPage: readonly Mode[] = ["webgl2", "webgpu"];

interface Flags {
  readonly modes: readonly Mode[];
  readonly length: number;
  readonly rounds?: number;
  readonly profile: boolean;
  readonly json?: string | true;
}

export function addGpujsCommand(program: Command): void {
  program
    .command("gpujs")
    .description("one forward of BERT-small: gpu.js used naively beside Tenon's backend through gpu.js")
    .addOption(
      new Option("--modes <names>", `some of ${modes.join(", ")}; the last two run in Chromium`)
        .argParser((text) => text.split(",").map(modeName))
        .default([...modes], "all"),
    )
    .addOption(new Option("--length <tokens>", "how long the text is").argParser(count).default(128))
    .addOption(new Option("--rounds <n>", "how often each side computes (default: 5, in Chromium 3)").argParser(count))
    .option("--profile", "also what each op of Tenon's backend takes", false)
    .option("--json [file]", "everything as JSON, every sample included: to stdout, or to a file")
    .action(run);
}

async function run({ modes: chosen, length, rounds, profile, json }: Flags): Promise<void> {
  const say = (text: string): void => console.error(text);
  // Text is for people: it leaves stdout alone where that is for a program.
  const tell = json === true ? say : (text: string): void => console.log(text);
  tell(describeMachine());
  const entries: Entry[] = [];
  for (const mode of chosen) {
    for (const threads of mode === "webasm" ? [...new Set([1, availableParallelism()])] : [1]) {
      const often = rounds ?? (inPage.includes(mode) ? 3 : 5);
      const contest: Contest = { mode, threads, model: bertSmall, length, rounds: often, profile };
      const progress = (text: string): void => say(`${mode}: ${text}`);
      const outcome = await (inPage.includes(mode) ? competeInPage(contest, progress) : compete(contest, progress));
      const entry = { contest, outcome };
      entries.push(entry);
      tell(`\n${entryText(entry)}`);
    }
  }
  const goals = goalsText(entries);
  if (goals !== "") tell(`\n${goals}`);
  if (json !== undefined) {
    const text = JSON.stringify(reportJson(entries, { "gpu.js": versionOfGpujs() }));
    if (json === true) console.log(text);
    else writeFileSync(json, `${text}\n`);
  }
  const failures = failuresOf(entries);
  if (failures.length > 0) {
    say(`\n${failures.length} failed:\n${failures.join("\n")}`);
    process.exitCode = 1;
  }
}

const versionOfGpujs = (): string =>
  (
    JSON.parse(readFileSync(createRequire(import.meta.url).resolve("gpu.js/package.json"), "utf8")) as {
      version: string;
    }
  ).version;

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1 up.");
  return value;
}

function modeName(text: string): Mode {
  const found = modes.find((name) => name === text);
  if (found === undefined)
    throw new InvalidArgumentError(`There is no mode "${text}". There are: ${modes.join(", ")}.`);
  return found;
}
