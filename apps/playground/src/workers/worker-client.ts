import { type Remote, wrap } from "comlink";

import { report, reportedBefore } from "../problems/problem.ts";
import { watchLife } from "./life.ts";
import { WorkerLine } from "./worker-line.ts";

/** What a worker exposes, area by area: each method of an area as one that gives a promise. */
export type Served<Api> = { readonly [area in keyof Api]: Remote<Api[area]> };

/**
 * Starts a worker that exposes areas with `serve`. Errors of its methods keep their names and messages. What goes wrong outside of a call is reported
 * under the worker's title. A callback is handed over by Comlink's `proxy`.
 *
 * A worker that could not be loaded, or that the browser has ended, is reported too: what waits for it fails, and `onEnd` is called, so that another
 * can be started when it is needed.
 */
export function startWorker<Api>(worker: Worker, title: string, onEnd: () => void): Served<Api> {
  const line = new WorkerLine(worker);
  let ended = false;
  const end = (why: string): void => {
    if (ended) return;
    ended = true;
    worker.terminate();
    report(`${title} stopped`, new Error(why));
    onEnd();
    line.end(Object.assign(new Error(why), { name: reportedBefore }));
  };
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    // A script that was not loaded, or not understood, is told without a message, and then there is no worker.
    if (event.message) report(`${title}: something went wrong`, new Error(event.message));
    else end("Its script was not loaded. Look whether you are online, and try it again.");
  });
  watchLife(worker, () =>
    end(
      "The browser ended it, most likely for want of memory. Close other tabs, or take a smaller model, and try again.",
    ),
  );
  // Comlink's types take an area for a value to be copied; it is only walked through.
  return wrap(line) as unknown as Served<Api>;
}
