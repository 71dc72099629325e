import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { wasm } from "@tenon/backend-wasm";
import { type Backend, cpu, random } from "@tenon/tensor";
import { afterAll, beforeAll, expect, test } from "vitest";

import { killedRun } from "../../test/killed-run.ts";
import { checkpointsInMemory } from "../checkpoints/checkpoints-in-memory.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-killed-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Lets a process train, and kills it after so many milliseconds from its first step on. Gives what it printed. */
function session(place: string, backend: string, milliseconds: number): Promise<{ said: string; killed: boolean }> {
  const child = spawn(
    process.execPath,
    ["--conditions=@tenon/source", fileURLToPath(new URL("../../test/killed-run.ts", import.meta.url)), place, backend],
    {
      // Compiled once for all sessions.
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled"), NODE_OPTIONS: "" },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (said === "") setTimeout(() => child.kill("SIGKILL"), milliseconds);
    said += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (_, signal) => resolve({ said, killed: signal === "SIGKILL" }));
  });
}

/** Kills it until that has happened five times, and then lets it come to its end. Gives every line that all sessions printed. */
async function killedAgainAndAgain(place: string, backend: string): Promise<string[]> {
  const dice = random(backend.length).fork(backend);
  const lines: string[] = [];
  for (let kills = 0; ;) {
    const { said, killed } = await session(place, backend, kills < 5 ? dice.integer(40) : 1e6);
    lines.push(...said.split("\n").slice(0, -1)); // the last one was cut, or is empty
    if (!killed) {
      expect(kills).toBe(5);
      return lines;
    }
    kills++;
  }
}

async function expectSameAsWhole(on: Backend, backend: string): Promise<void> {
  const losses: string[] = [];
  const files = checkpointsInMemory();
  const report = await killedRun(on, files, ({ step, loss }) => losses.push(`${step} ${loss}`));
  expect(report.ended).toBe("stopped early");

  const place = join(folder, backend);
  const lines = await killedAgainAndAgain(place, backend);
  // Every line of every session stands in those of the run that nobody killed, and the last session came to its end.
  const whole = [...losses, `${report.ended} ${report.best!.step}`];
  expect(lines.filter((line) => !whole.includes(line))).toEqual([]);
  expect(lines.at(-1)).toBe(whole.at(-1));
  expect(new Set(lines).size).toBeGreaterThan(whole.length - 5 * 2); // a kill may swallow what was not printed yet
  // Model, optimiser, average, best parameters and counters, to the last bit; and nothing half written is left.
  const names = (await files.list()).toSorted();
  expect((await readdir(place)).toSorted()).toEqual(names);
  for (const name of names)
    expect(Buffer.compare(await readFile(join(place, name)), await files.read(name)), name).toBe(0);
}

// Both at once, for most of the time goes into starting processes.
test.skipIf(process.platform === "win32")(
  "killed at random moments ten times, it has the losses and the end of a run that was not, to the bit",
  async () => {
    await Promise.all([expectSameAsWhole(cpu(), "cpu"), expectSameAsWhole(await wasm({ threads: 1 }), "wasm")]);
  },
);
