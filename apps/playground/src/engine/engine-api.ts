import type { Comparison } from "./comparison.ts";
import type { Inspection } from "./inspection/inspection.ts";
import type { Models } from "./models.ts";
import type { Running } from "./running.ts";
import type { Surveys } from "./surveys.ts";
import type { Filling } from "./text/filling.ts";
import type { Generation } from "./text/generation.ts";
import type { Similarity } from "./text/similarity.ts";

/** What the worker with the open model does for the page. All of it takes turns. */
export interface EngineApi {
  readonly models: Models;
  /** Stops what runs for long: a generation, a comparison. */
  readonly running: Pick<Running, "stop">;
  readonly generation: Generation;
  readonly filling: Filling;
  readonly similarity: Similarity;
  readonly comparison: Comparison;
  readonly surveys: Surveys;
  readonly inspection: Inspection;
}
