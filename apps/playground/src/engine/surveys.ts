import { type BackendId, backendIds } from "../backends/backend-id.ts";
import { type Surveyed, surveyBackend } from "../backends/survey-backend.ts";

/** Which backends work in this browser. */
export class Surveys {
  /** Tries one backend after the other, and tells of each. */
  async run(told: (row: Surveyed) => void): Promise<void> {
    for (const id of backendIds satisfies readonly BackendId[]) told(await surveyBackend(id));
  }
}
