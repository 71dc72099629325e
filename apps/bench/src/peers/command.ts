import { writeFileSync } from "node:fs";

import { InvalidArgumentError, Option, type Command } from "commander";

import { describeMachine } from "../machine.ts";
import { compare } from "./compare.ts";
import { installPeers } from "./install.ts";
import { pageOf } from "./page.ts";
import { peerVersions } from "./peer-packages.ts";
import { comparisonText, failuresOf, goalsText, reportJson } from "./report.ts";
import type { Comparison } from "./results.ts";
import { peerNames, sidesFor, type PeerName } from "./sides.ts";
import { workloads } from "./workloads.ts";

interface Flags {
  readonly only?: readonly string[];
  readonly peers: readonly PeerName[];
  readonly threads: readonly number[];
  readonly rounds: number;
  readonly turn: number;
  readonly python?: string;
  readonly json?: string | true;
  readonly page?: string;
}

/** Those that come with Node, or with Tenon. */
const builtIn: readonly PeerName[] = ["tenon", "loops", "pytorch"];

export function addPeersCommand(program: Command): void {
  program
    .command("peers")
    .description("Tenon beside other libraries: each in a process of its own, in turn, on the same numbers")
    .addOption(
      new Option(
        "--only <workloads>",
        "those whose names begin so, with commas: matmul, encoder 1, decoder 8-bit …",
      ).argParser((text) => text.split(",").map(workloadPrefix)),
    )
    .addOption(
      new Option("--peers <names>", `some of ${peerNames.join(", ")}`)
        .argParser((text) => text.split(",").map(peerName))
        .default([...peerNames], "all"),
    )
    .addOption(
      new Option("--threads <counts>", "how many threads each may use, with commas")
        .argParser((text) => text.split(",").map(count))
        .default([1, 2], "1,2"),
    )
    .addOption(new Option("--rounds <n>", "how often each side computes").argParser(count).default(5))
    .addOption(new Option("--turn <ms>", "how long a side computes at a time").argParser(count).default(150))
    .option("--python <command>", "the Python that has PyTorch (default: python3)")
    .option("--json [file]", "everything as JSON, every sample included: to stdout, or to a file")
    .option("--page <file>", "everything as a page of Markdown")
    .action(run);
}

async function run({ only, peers, threads, rounds, turn, python, json, page }: Flags): Promise<void> {
  const say = (text: string): void => console.error(text);
  // Text is for people: it leaves stdout alone where that is for a program.
  const tell = json === true ? say : (text: string): void => console.log(text);
  if (python !== undefined) process.env["TENON_BENCH_PYTHON"] = python;
  if (peers.some((peer) => !builtIn.includes(peer))) installPeers(say);
  tell(describeMachine());
  const comparisons: Comparison[] = [];
  for (const workload of workloads) {
    if (only !== undefined && !only.some((prefix) => workload.name.startsWith(prefix))) continue;
    for (const count of threads) {
      const sides = sidesFor(workload, count).filter(({ peer }) => peer === "peak" || peers.includes(peer));
      if (sides.every(({ peer }) => peer === "peak")) continue;
      const progress = (text: string): void =>
        say(`${workload.name}, ${count === 1 ? "1 thread" : `${count} threads`}: ${text}`);
      const comparison = await compare(workload, count, sides, { rounds, turn, progress });
      comparisons.push(comparison);
      tell(`\n${comparisonText(comparison)}`);
    }
  }
  const goals = goalsText(comparisons);
  if (goals !== "") tell(`\n${goals}`);
  const failures = failuresOf(comparisons);
  if (json !== undefined) {
    const text = JSON.stringify(reportJson(comparisons, peerVersions()));
    if (json === true) console.log(text);
    else writeFileSync(json, `${text}\n`);
  }
  if (page !== undefined) writeFileSync(page, pageOf(comparisons, peerVersions()));
  if (failures.length > 0) {
    say(`\n${failures.length === 1 ? "One side" : `${failures.length} sides`} failed:\n${failures.join("\n")}`);
    process.exitCode = 1;
  }
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1 up.");
  return value;
}

function peerName(text: string): PeerName {
  const found = peerNames.find((name) => name === text);
  if (found === undefined)
    throw new InvalidArgumentError(`There is no peer "${text}". There are: ${peerNames.join(", ")}.`);
  return found;
}

/** `x` may stand for `×`, which keyboards lack. */
function workloadPrefix(text: string): string {
  const prefix = text.replaceAll(/(?<=\d)x(?=[\d(])/g, "×");
  if (!workloads.some(({ name }) => name.startsWith(prefix)))
    throw new InvalidArgumentError(
      `No workload begins with "${text}". There are: ${workloads.map(({ name }) => name).join(", ")}.`,
    );
  return prefix;
}
