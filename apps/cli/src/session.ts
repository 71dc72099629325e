import type { ReadStream } from "node:tty";

import type { Backend } from "@tenon/tensor";

import type { OutputStream } from "./output/stream.ts";

/** What every command works with: made once, in main, and passed along. */
export interface Session {
  /** What computes: `cpu`, until a command with `--backend` begins. */
  backend: Backend;
  readonly stdin: ReadStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** What to type to call this program here: `tenon`, or `npm run tenon --`. */
  readonly command: string;
}
