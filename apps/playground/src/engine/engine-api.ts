import type { Models } from "./models.ts";

/** What the worker with the open model does for the page. All of it takes turns. */
export interface EngineApi {
  readonly models: Models;
}
