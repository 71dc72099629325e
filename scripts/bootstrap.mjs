// The one door to every command: `node scripts/bootstrap.mjs [tool] [arguments]`.
//
// It needs Node >= 20.19 with npm and nothing else, not even an install: it gets pnpm through npx, installs if anything changed
// since the last time, and runs the tool with the pinned Node that the install brought along.
//
//   (no tool)    installs, nothing more
//   tenon …      builds what changed, then runs the command line of apps/cli
//   <tool> …     runs node_modules/.bin/<tool>
//
// What it has to say itself goes to stderr: stdout belongs to the tool.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

import { isInstalled, rememberInstall } from "./installed.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { engines, packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const windows = process.platform === "win32";
// Without --prefer-offline, npx asks the network about a package it already has, and offline that takes a minute of retries.
const pnpm = ["npx", "--prefer-offline", "--yes", packageManager];
const env = environment();

/** The process that is running now: signals go to it. */
let child;
process.exitCode = 1; // until the last step says otherwise

refuseOldNode(engines.node.replace(">=", ""));
forwardSignals();
stopWithParent();
await main(process.argv.slice(2));

async function main([tool, ...rest]) {
  if (!isInstalled(root)) await install();
  if (tool === "tenon") {
    // The build is silent unless it fails: someone who runs a command wants to read that command.
    await step("Building", [...pnpm, "exec", "turbo", "run", "build", "--filter=tenon..."], "quiet");
    // npm moves to the root before it runs a script; a path that someone typed starts from where they typed it.
    await last(["node", join(root, "apps/cli/dist/main.js"), ...rest], process.env.INIT_CWD ?? process.cwd());
  } else if (tool === "turbo" || tool === "changeset") {
    // These two call pnpm themselves, so it has to be on the PATH, which `pnpm exec` sees to.
    await last([...pnpm, "exec", tool, ...rest]);
  } else if (tool === undefined) {
    process.exitCode = 0;
  } else {
    await last([tool, ...rest]);
  }
}

async function install() {
  const remedy = `\nThe first install needs a network. After a change to a package.json, run \`npx ${packageManager} install\`.`;
  await step("Installing", [...pnpm, "install", "--frozen-lockfile", "--reporter=append-only"], "to stderr", remedy);
  rememberInstall(root);
}

/** A step before the tool: when it fails, nothing after it runs. */
async function step(title, command, output, remedy = "") {
  const started = performance.now();
  process.stderr.write(`${title} …${output === "quiet" ? " " : "\n"}`);
  const { code, text } = await run(command, output === "quiet" ? "pipe" : 2);
  if (code !== 0) {
    console.error(`${text}\n${title} failed (exit code ${code}): \`${command.join(" ")}\`.${remedy}`);
    process.exit(code);
  }
  console.error(`${output === "quiet" ? "" : `${title} took `}${((performance.now() - started) / 1000).toFixed(1)} s`);
}

async function last(command, cwd = root) {
  const { code, text } = await run(command, "inherit", cwd);
  if (text !== "") console.error(text);
  process.exitCode = code;
}

/** Runs a command to its end. Its output goes to the descriptor `stdout`; when that is "pipe", all of it comes back as text. */
function run([name, ...args], stdout, cwd = root) {
  return new Promise((resolve) => {
    const stderr = stdout === "pipe" ? "pipe" : "inherit";
    // On Windows npx and the tools are .cmd files, which only a shell starts.
    child = spawn(name, args, { cwd, env, stdio: ["inherit", stdout, stderr], shell: windows });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (text += data));
    child.on("error", (error) => resolve({ code: 127, text: `Could not run ${name}: ${error.message}` }));
    child.on("close", (code, signal) => {
      child = undefined;
      resolve({ code: code ?? 128 + constants.signals[signal], text });
    });
  });
}

function environment() {
  const result = {
    ...process.env,
    DO_NOT_TRACK: "1",
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
    npm_config_update_notifier: "false",
  };
  // Windows spells it `Path`; a second spelling beside it would be ignored.
  const path = Object.keys(result).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  result[path] = join(root, "node_modules", ".bin") + delimiter + (result[path] ?? "");
  return result;
}

function refuseOldNode(minimum) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [needMajor, needMinor] = minimum.split(".").map(Number);
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  console.error(
    `Tenon needs Node ${minimum} or newer, and this is Node ${process.versions.node}. Install a newer one and run the command again.`,
  );
  process.exit(1);
}

function forwardSignals() {
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (child === undefined) process.exit(128 + constants.signals[signal]);
      // A terminal sends Ctrl-C to the child as well: a second one would mean "at once" to a child that is saving its work.
      if (signal !== "SIGINT" || !hasTerminal) child.kill(signal);
    });
  }
}

/** npm does not pass SIGTERM on to the processes of a script: stop when the shell that started this one is gone. */
function stopWithParent() {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent) return;
    child?.kill("SIGTERM");
    process.exit(128 + constants.signals.SIGTERM);
  }, 500).unref();
}
