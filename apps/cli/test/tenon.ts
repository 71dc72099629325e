import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll } from "vitest";

/** How a run of the command ended. */
export interface Ended {
  /** The exit code, or the signal that ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

const compileCache = fileURLToPath(new URL("../node_modules/.cache/compile", import.meta.url));

/** The sizes of a model that trains in a second. */
export const tiny: readonly string[] = "--layers 1 --heads 2 --width 16 --context 16 --batch 4".split(" ");

/** Flags of Node under which a package cannot be found. */
export function without(name: string): string[] {
  const hooks = `import { registerHooks } from "node:module";
registerHooks({ resolve: (what, context, next) => next(what === ${JSON.stringify(name)} ? what + "-missing" : what, context) });`;
  return ["--import", `data:text/javascript,${encodeURIComponent(hooks)}`];
}

/** Starts the command from its source. `flags` are for Node. */
export function start(
  args: readonly string[],
  cwd: string,
  flags: readonly string[] = [],
): ChildProcessWithoutNullStreams {
  const env = { ...process.env };
  // As a person would call it: not through npm, no colours asked for, nothing of vitest's.
  for (const name of ["npm_lifecycle_event", "FORCE_COLOR", "NODE_OPTIONS"]) delete env[name];
  // Half of the time of a short command would go into stripping types from the same files again.
  env["NODE_COMPILE_CACHE"] = compileCache;
  return spawn(process.execPath, ["--conditions=@tenon/source", ...flags, main, ...args], { cwd, env });
}

/** Waits until a process has ended and everything that it said was read. */
export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => (said[name] += text));
  }
  return new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ code: code ?? signal!, ...said }));
  });
}

/** Runs the command to its end. `input` is piped into it. */
export function tenon(args: readonly string[], cwd: string, input: string | Uint8Array = ""): Promise<Ended> {
  const child = start(args, cwd);
  // It may end before it has read everything.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return ended(child);
}

const folders: string[] = [];
// Not when the test is over: vitest cannot tell which one it is, of those that run side by side.
afterAll(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true }))));

/** A folder of its own, which goes when the tests of the file are over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tenon-cli-"));
  folders.push(folder);
  return folder;
}

/** The objects of JSON lines. */
export function jsonLines<T>(text: string): T[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}
