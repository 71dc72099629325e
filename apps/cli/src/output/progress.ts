import { MultiBar, type SingleBar } from "cli-progress";

import type { OutputStream } from "./stream.ts";

/** Shows how far a long work has come. */
export interface Progress {
  /** @param figures what else there is to know right now */
  update(value: number, figures: string): Promise<void>;
  /** A line that stays, above whatever moves. */
  note(text: string): Promise<void>;
  /** Leaves the screen in order; later updates are not shown. Doing it twice is harmless. */
  stop(): void;
}

/** A bar where `stream` is a terminal, else a line at once and then every `interval` seconds. */
export function progress(stream: OutputStream, total: number, interval = 5): Progress {
  return stream.isTerminal ? barProgress(stream, total) : lineProgress(stream, total, interval);
}

function barProgress(stream: OutputStream, total: number): Progress {
  // Of one bar: unlike SingleBar, MultiBar does not jump back to the row on which it began, which may have scrolled away by then.
  const bars = new MultiBar({
    stream: stream.raw,
    // Without colours, which cli-progress would count as width when it cuts its last line to the screen.
    format: "{bar} {value}/{total}  {figures}",
    barCompleteChar: "━",
    barIncompleteChar: "─",
    barsize: 20,
    hideCursor: true,
    // Signals are the command's business.
    gracefulExit: false,
  });
  let bar: SingleBar | undefined;
  let stopped = false;
  return {
    update(value, figures) {
      if (stopped) return Promise.resolve();
      if (bar === undefined) bar = bars.create(total, value, { figures });
      else bar.update(value, { figures });
      return Promise.resolve();
    },
    // Over the bar, which is drawn anew below at its next tick.
    note: (text) => stream.write(`${stopped ? "" : "\r\u001B[K"}${text}\n`),
    stop() {
      if (bar !== undefined && !stopped) bars.stop();
      stopped = true;
    },
  };
}

function lineProgress(stream: OutputStream, total: number, interval: number): Progress {
  let next = -Infinity;
  return {
    async update(value, figures) {
      if (performance.now() < next) return;
      next = performance.now() + 1000 * interval;
      await stream.line(`${value}/${total}  ${figures}`);
    },
    note: (text) => stream.line(text),
    stop: () => undefined,
  };
}
