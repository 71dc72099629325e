#!/usr/bin/env node
import { cpu } from "@tenon/tensor";

import { reportFailure } from "./failure.ts";
import { OutputStream } from "./output/stream.ts";
import { tenonProgram } from "./program.ts";
import type { Session } from "./session.ts";

const session: Session = {
  backend: cpu(),
  stdin: process.stdin,
  stdout: new OutputStream(process.stdout),
  stderr: new OutputStream(process.stderr),
  // Whoever came through a script of this repository has no `tenon` to type.
  command: ["start", "tenon"].includes(process.env["npm_lifecycle_event"] ?? "") ? "npm run tenon --" : "tenon",
};

try {
  const program = tenonProgram(session);
  const args = process.argv.slice(2);
  // Without a command there is nothing wrong: someone wants to know what there is.
  if (args.length === 0) program.outputHelp();
  else await program.parseAsync(args, { from: "user" });
} catch (error) {
  // Not process.exit: it would cut off what is still on its way to a pipe.
  process.exitCode = await reportFailure(error, session);
} finally {
  session.backend.close?.();
}
