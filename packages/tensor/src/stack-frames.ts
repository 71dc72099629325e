/** As many calls as a trace shows. */
const shown = 4;

/** The calls that led here, read only when they are asked for. */
export function traceHere(): Error {
  const engine = Error as { stackTraceLimit?: number };
  const before = engine.stackTraceLimit;
  engine.stackTraceLimit = 60; // a model is many calls deep
  const trace = new Error("made here");
  if (before !== undefined) engine.stackTraceLimit = before;
  return trace;
}

/** The innermost calls that are not Tenon's own nor the platform's; where there are no others, the innermost calls. */
export function outsideFrames(trace: Error): string[] {
  const frames = (trace.stack ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /:\d+:\d+\)?$/u.test(line));
  const outside = frames.filter((frame) => !isInside(frame));
  return (outside.length > 0 ? outside : frames).slice(0, shown);
}

function isInside(frame: string): boolean {
  if (frame.includes("node:") || frame.includes("/node_modules/@tenon/")) return true;
  return house !== undefined && frame.includes(house) && !/\.test\.[jt]s/u.test(frame);
}

/** The folder of all packages; undefined where this file is not in its place, as in a page's bundle. */
const house: string | undefined = (() => {
  const here = /^(?<house>.*\/)tensor\/(?:src|dist)\/[^/]+$/u.exec(import.meta.url)?.groups?.["house"];
  return here === undefined ? undefined : decodeURI(here.replace(/^file:\/\//u, ""));
})();
