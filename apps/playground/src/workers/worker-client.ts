import { type Remote, wrap } from "comlink";

import { report } from "../problems/problem.ts";

/** What a worker exposes, area by area: each method of an area as one that gives a promise. */
export type Served<Api> = { readonly [area in keyof Api]: Remote<Api[area]> };

/**
 * Starts a worker that exposes areas with Comlink. Errors of its methods keep their names and messages. What goes wrong outside of a call is reported
 * under the worker's title. A callback is handed over by Comlink's `proxy`.
 */
export function startWorker<Api>(worker: Worker, title: string): Served<Api> {
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    report(
      `${title} stopped`,
      new Error(`${event.message || "Its script was not loaded."} Reload the page; what was saved is still there.`),
    );
  });
  // Comlink's types take an area for a value to be copied; it is only walked through.
  return wrap(worker) as unknown as Served<Api>;
}
