import { PassThrough } from "node:stream";
import type { WriteStream } from "node:tty";

import { cpu } from "@tenon/tensor";

import { OutputStream } from "../src/output/stream.ts";
import type { Session } from "../src/session.ts";

/** A session that keeps what is written to stdout and stderr. */
export function recordingSession(command = "tenon"): { session: Session; said: () => string } {
  const stream = new PassThrough();
  let said = "";
  stream.setEncoding("utf8").on("data", (piece: string) => (said += piece));
  const stdout = new OutputStream(stream as unknown as WriteStream);
  return {
    session: { backend: cpu(), stdin: process.stdin, stdout, stderr: stdout, command },
    said: () => said,
  };
}
