import { wasm } from "@tenon/backend-wasm";
import { cpu, type Backend } from "@tenon/tensor";
import type { Command } from "commander";

import type { Session } from "../session.ts";
import { listed, oneOf } from "./values.ts";

/** What can compute, by the names that `--backend` takes. */
const backends: { readonly [name in "wasm" | "cpu"]: () => Backend | Promise<Backend> } = {
  wasm: () => wasm(),
  cpu: () => cpu(),
};
const names = Object.keys(backends) as readonly (keyof typeof backends)[];

/** Adds `--backend` to a command that computes: the session has it before the command runs. */
export function addBackendOption(command: Command, session: Session): Command {
  return command
    .option(
      "--backend <name>",
      `what computes: ${listed(names)}. wasm uses SIMD and all cores; cpu is plain JavaScript, and slow`,
      oneOf("--backend", names),
      "wasm",
    )
    .hook("preAction", async () => {
      session.backend = await backends[command.opts<{ backend: keyof typeof backends }>().backend]();
    });
}
