import { exitCodes } from "./exit-codes.ts";

const signals = ["SIGINT", "SIGTERM"] as const;

/** Ends a command that was interrupted: exit code 130, with a message if there is something to say. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/**
 * Runs `body` with a signal that aborts at Ctrl-C (SIGINT) or SIGTERM, so that it can end in good order. A second Ctrl-C ends the process
 * at once. Outside of such a body, the first one does.
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
  const leave = (): void => {
    for (const name of signals) process.off(name, stop);
  };
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
    // Without a listener the system ends the process itself, even in the middle of a long computation. Not before this turn of the
    // event loop is over, though: a second Ctrl-C that came during the computation before it is still on its way to `stop`.
    setImmediate(leave);
  };
  for (const name of signals) process.on(name, stop);
  try {
    return await body(controller.signal);
  } finally {
    leave();
  }
}
