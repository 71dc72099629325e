import type { OutputStream } from "../output/stream.ts";
import type { Reporter } from "./reporter.ts";

/** A line of JSON for each thing that happens; `event` says which. */
export function jsonReporter(stdout: OutputStream): Reporter {
  return {
    start: (facts) => stdout.json({ event: "start", ...facts }),
    step: (step) => stdout.json({ event: "step", ...step }),
    evaluated: (step, heldOutLoss) => stdout.json({ event: "evaluated", step, heldOutLoss }),
    saved: (path, step) => stdout.json({ event: "saved", step, model: path }),
    interrupted: () => undefined,
    stop: () => undefined,
    end: (path, { steps, ended, best, last }) =>
      stdout.json({ event: "end", step: steps, loss: last?.loss, ended, best, model: path }),
  };
}
