import { ConfigError } from "@tenon/tensor";

import { type MetricsLine, parseLine } from "./metrics-line.ts";

/**
 * The lines of a metrics file. A last line that a run was killed in the middle of is left out.
 *
 * Throws `ConfigError` with the number of the line for any other that is damaged, and for steps that go back.
 *
 * @example
 * ```ts
 * const text = `{"step":1,"loss":4.17}
 * {"step":2,"loss":4.05}
 * {"step":3,"lo`;
 * console.log(parseMetrics(text)); // [ { step: 1, loss: 4.17 }, { step: 2, loss: 4.05 } ]
 * ```
 */
export function parseMetrics(text: string): MetricsLine[] {
  return Array.from(read("parseMetrics", text), ({ line }) => line);
}

/**
 * A metrics file up to a step, that step included: what stays when a run goes on from a checkpoint that is older than the file. A last
 * line that a run was killed in the middle of goes, too. What comes after the step is not looked at.
 *
 * Throws `ConfigError` with the number of the line when one that would stay is damaged or goes back a step.
 *
 * @example
 * ```ts
 * const text = `{"step":1,"loss":4.17}
 * {"step":2,"loss":4.05}
 * {"step":3,"lo`;
 * console.log(upToStep(text, 1)); // {"step":1,"loss":4.17}
 * ```
 */
export function upToStep(text: string, step: number): string {
  let kept = 0;
  for (const { line, end } of read("upToStep", text)) {
    if (line.step > step) break;
    kept = end;
  }
  const before = text.slice(0, kept);
  return before === "" || before.endsWith("\n") ? before : `${before}\n`;
}

/** @yields each line, and where it ends in the text, its line break included. */
function* read(caller: string, text: string): Generator<{ readonly line: MetricsLine; readonly end: number }> {
  let previous = 0;
  let number = 0;
  for (let start = 0; start < text.length;) {
    const lineBreak = text.indexOf("\n", start);
    const end = lineBreak < 0 ? text.length : lineBreak + 1;
    const written = text.slice(start, end).trim();
    number++;
    start = end;
    if (written === "") continue;
    const line = parsed(written);
    if (line === "no JSON" && lineBreak < 0) return;
    if (typeof line === "string") {
      throw new ConfigError(
        `${caller}: line ${number} of the metrics is damaged: expected a JSON object of numbers with a whole "step", got ${shortened(written)}. Remove the line, or all from there on.`,
        { line: number },
      );
    }
    if (line.step < previous) {
      throw new ConfigError(
        `${caller}: line ${number} of the metrics is of step ${line.step}, but the one before of step ${previous}. Are these two runs in one file? Cut it with upToStep before a run goes on.`,
        { line: number, step: line.step, previous },
      );
    }
    previous = line.step;
    yield { line, end };
  }
}

function parsed(written: string): MetricsLine | "no JSON" | "no metrics" {
  try {
    return parseLine(written) ?? "no metrics";
  } catch {
    return "no JSON";
  }
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
