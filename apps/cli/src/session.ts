import type { ReadStream } from "node:tty";

import type { Computing } from "./backends/choices.ts";
import type { OutputStream } from "./output/stream.ts";

/** What every command works with: made once, in main, and passed along. */
export interface Session {
  /** What computes: `cpu`, until a command with `--backend` begins. It is closed when the command is over. */
  backend: Computing;
  readonly stdin: ReadStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** What to type to call this program here: `tenon`, or `npm run tenon --`. */
  readonly command: string;
}
