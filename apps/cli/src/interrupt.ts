import { exitCodes } from "./exit-codes.ts";

/** Ctrl-C, `kill`, and a terminal that goes away. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ends a command that was interrupted: exit code 130, with a message if there is something to say. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/**
 * Runs `body` with a signal that aborts at Ctrl-C (SIGINT), SIGTERM or SIGHUP, so that it can end in good order. A second Ctrl-C ends the
 * process at once; outside of such a body, the first one does. The other two may come twice, for npm and a terminal both send them.
 *
 * @example
 * ```ts
 * await interruptible(async (signal) => {
 *   while (!signal.aborted) await step();
 *   await save();
 * });
 * ```
 */
export async function interruptible<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted && name === "SIGINT") process.exit(exitCodes.interrupted);
    controller.abort();
    // Without a listener the system ends the process itself, even in the middle of a long computation. Not before this turn of the
    // event loop is over, though: a second Ctrl-C that came during the computation before it is still on its way to `stop`.
    setImmediate(() => process.off("SIGINT", stop));
  };
  for (const name of signals) process.on(name, stop);
  try {
    return await body(controller.signal);
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}
