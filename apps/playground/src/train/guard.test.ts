import { expect, test } from "vitest";

import type { RunState } from "../trainer/run-state.ts";
import { wouldLose } from "./guard.ts";

const run = { phase: "training", step: 120, steps: 220, savedAt: 100, secondsLeft: 100, lasting: true } as RunState;

test("one is asked before the page closes where training would be lost, and else is not", () => {
  expect(wouldLose(undefined)).toBe(false);
  expect(wouldLose({ phase: "preparing", name: "a", what: "Reading" })).toBe(false);
  expect(wouldLose(run)).toBe(false); // 20 steps of a second each
  expect(wouldLose({ ...run, savedAt: 80 })).toBe(true);
  expect(wouldLose({ ...run, savedAt: 80, phase: "paused" })).toBe(false);
  expect(wouldLose({ ...run, lasting: false, phase: "finished" })).toBe(true);
});
