import type { Command } from "commander";

import { backends, type BackendName, usualBackend } from "../backends/choices.ts";
import type { Session } from "../session.ts";
import { listed, oneOf } from "./values.ts";

const names = Object.keys(backends) as readonly BackendName[];
const modes = names.flatMap((name) => (name.startsWith("gpujs:") ? name.slice("gpujs:".length) : []));

/** Adds `--backend` to a command that computes: the session has it before the command runs, and `main` closes it. */
export function addBackendOption(command: Command, session: Session): Command {
  return command
    .option(
      "--backend <name>",
      `what computes: wasm, which uses SIMD and all cores; wasm:revectorize, the same with an experiment of V8 that makes its vectors twice as wide; cpu, which is plain JavaScript, and slow; or gpujs[:mode], which is gpu.js, with ` +
        `the mode ${listed(modes)}. \`${session.command} backends\` shows what works here`,
      oneOf("--backend", names, "`tenon backends` shows what works here."),
      usualBackend,
    )
    .hook("preAction", async () => {
      session.backend = await backends[command.opts<{ readonly backend: BackendName }>().backend]();
    });
}
