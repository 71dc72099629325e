/** What the exit code of `tenon` means. */
export const exitCodes = {
  done: 0,
  /** The command was understood and could not be done: bad input, a bad value. Nothing was overwritten. */
  problem: 1,
  /** The command line was not understood: an unknown command or option, a missing argument. */
  usage: 2,
  /** An error that nobody foresaw, as in BSD's sysexits.h. */
  bug: 70,
  /** Ctrl-C, as shells say it: 128 + SIGINT. */
  interrupted: 130,
} as const;
