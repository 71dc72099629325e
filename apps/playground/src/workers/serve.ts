import { expose } from "comlink";

import { showLife } from "./life.ts";

/** In a worker: answers the page's calls to `api`, area by area, and shows that the worker lives. */
export function serve(api: object): void {
  showLife();
  expose(api);
}
