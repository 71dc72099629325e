// Runs the backend testkit on the built WASM backend, in each JavaScript runtime that can be had: Node 20 to 26, Bun and Deno.
//
//   npm run test:runtimes                        all of them, the whole kit
//   npm run test:runtimes -- --only="Node 20"    one of them
//   npm run test:runtimes -- --groups=ops,models some groups of tests
//
// Each runs with 1, 2 and 4 threads, with relaxed SIMD and without, and with 64-bit memory. It exits with 1 when anything fails; a runtime that cannot be had is
// named, and fails nothing.
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { obtain, runtimes } from "./runtimes/programs.mjs";

const { values } = parseArgs({ options: { only: { type: "string" }, groups: { type: "string" } } });
const root = fileURLToPath(new URL("..", import.meta.url));
const conformance = join(root, "scripts/runtimes/conformance.mjs");
const options = JSON.stringify(values.groups === undefined ? {} : { groups: values.groups.split(",") });
/** After that a runtime hangs, in ms. */
const patience = 600_000;

const chosen = runtimes.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0) throw new Error(`--only must be one of ${runtimes.map(({ name }) => name).join(", ")}`);
const problems = [];
for (const runtime of chosen) {
  console.log(`\n${runtime.name} ${runtime.version}`);
  try {
    const program = obtain(root, runtime);
    console.log(`  ${readiness(runtime, program)}`);
    problems.push(...(await run(runtime, program)).map((problem) => `${runtime.name}: ${problem}`));
  } catch (error) {
    console.log(`  could not be had: ${error.message}`);
  }
}
if (problems.length > 0) console.error(`\n${problems.length} failed:\n${problems.join("\n")}`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** How long it takes to import the backend and to make one with 2 threads: the median of nine processes. */
function readiness({ args = [] }, program) {
  const times = Array.from({ length: 9 }, () => {
    const text = execFileSync(program, [...args, join(root, "scripts/runtimes/ready.mjs")], { cwd: root });
    return JSON.parse(text);
  });
  const median = (key) =>
    times
      .map((time) => time[key])
      .sort((a, b) => a - b)[4]
      .toFixed(0);
  return `imported in ${median("imported")} ms, ready ${median("ready")} ms later`;
}

/** Runs the script in a runtime; prints a line for each thing that it tells, and returns what is wrong, one sentence each. */
async function run({ args = [], relaxed = true, far = true }, program) {
  const child = spawn(program, [...args, conformance, options], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const late = setTimeout(() => child.kill("SIGKILL"), patience);
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
  const problems = [];
  let last = false;
  for await (const line of createInterface(child.stdout)) {
    const event = JSON.parse(line);
    if (event.what === "last") last = true;
    else console.log(`  ${text(event)}`);
    problems.push(...wrong(event, relaxed, far));
  }
  const end = await ended;
  clearTimeout(late);
  if (!last || end !== 0)
    problems.push(
      `it ended with ${end}${last ? " after all tests; a worker kept it alive?" : " before its tests did"}`,
    );
  return problems;
}

function text({ what, refused, name, passed, skipped, failures, seconds, value }) {
  if (refused !== undefined) return `${what}: refused, as it should be (${refused})`;
  if (name === undefined) return `${what}: ${value}`;
  return `${name}: ${passed} passed, ${skipped} skipped, ${failures.length} failed in ${seconds.toFixed(1)} s`;
}

function wrong({ what, refused, name, failures, skipped, value, right }, relaxed, far) {
  const refusals = [
    ...(what.startsWith("relaxed") && !relaxed
      ? ["wasm: this engine has no relaxed SIMD, or one that computes wrongly"]
      : []),
    ...(what.endsWith("64-bit memory") && !far ? ["wasm: a memory of 6144 MiB needs 64-bit addresses"] : []),
  ];
  if (refusals.length > 0)
    return refusals.some((refusal) => refused?.startsWith(refusal)) ? [] : [`${what}: it should have been refused`];
  if (refused !== undefined) return [`${what}: ${refused}`];
  if (right === false) return [`${what}: ${value}`];
  if (failures === undefined) return [];
  return [
    ...(name === `wasm (${what})` ? [] : [`${what}: the backend is ${name}`]),
    ...(skipped === 0 ? [] : [`${what}: ${skipped} skipped`]),
    ...failures.map((failure) => `${what}: ${failure}`),
  ];
}
