import type { Visit } from "./visit.ts";

/** A stretch in which the page's thread did one thing and could not answer, in ms. */
export interface BusyStretch {
  /** By the thread's own clock: what the page is to blame for, however busy the machine is with other things. */
  readonly own: number;
  /** By the clock on the wall. */
  readonly wall: number;
  /** What it was: functions and the browser's own steps, the longest first. */
  readonly what: string;
}

/** The longest stretch in which the page's thread was busy while `body` ran. */
export async function longestBusyStretch({ browser, page }: Visit, body: () => Promise<void>): Promise<BusyStretch> {
  await browser.startTracing(page, { categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"] });
  let trace: Buffer;
  try {
    await body();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const pages = traceEvents.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain");
  const onPage = traceEvents.filter(({ pid, tid }) => pages.some((page) => page.pid === pid && page.tid === tid));
  const tasks = onPage.filter(({ name, tdur }) => name === "RunTask" && tdur !== undefined);
  if (tasks.length === 0) throw new Error("The trace holds no task of the page's thread.");
  const longest = tasks.reduce((a, b) => (b.tdur! > a.tdur! ? b : a));
  return { own: longest.tdur! / 1000, wall: longest.dur! / 1000, what: inside(longest, onPage) };
}

/** An event of Chromium's trace; times in µs. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** How long its thread was at work. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly functionName?: string; readonly url?: string } };
}

/** The three longest of what happened in a task. */
function inside(task: TraceEvent, events: readonly TraceEvent[]): string {
  return events
    .filter(({ ts, dur, name }) => name !== "RunTask" && dur !== undefined && ts >= task.ts && ts < task.ts + task.dur!)
    .sort((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0))
    .slice(0, 3)
    .map(({ name, tdur, args }) => {
      const { functionName, url } = args?.data ?? {};
      return `${[name, functionName, url?.split("/").at(-1)].filter(Boolean).join(" ")} ${((tdur ?? 0) / 1000).toFixed(1)} ms`;
    })
    .join(", ");
}
