import type { Trainer } from "./trainer.ts";

/** What the worker that trains does for the page. */
export interface TrainerApi {
  readonly trainer: Trainer;
}
