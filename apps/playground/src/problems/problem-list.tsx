import { X } from "lucide-preact";
import type { JSX } from "preact";

import { dismiss, problems } from "./problem.ts";

/** What went wrong, above what one was doing. */
export function ProblemList(): JSX.Element {
  return (
    <div class="problems" role="alert">
      {problems.value.map((problem) => (
        <div class="problem" key={`${problem.title} ${problem.message}`}>
          <div>
            <strong>{problem.title}</strong>
            <p>{problem.message}</p>
          </div>
          <button
            type="button"
            class="icon-button"
            aria-label={`Put away: ${problem.title}`}
            onClick={() => dismiss(problem)}
          >
            <X size={18} aria-hidden="true" />
          </button>
        </div>
      ))}
    </div>
  );
}
