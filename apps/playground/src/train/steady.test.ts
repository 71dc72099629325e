import { expect, test } from "vitest";

import type { RunState } from "../trainer/run-state.ts";
import { Steady } from "./steady.ts";

const state = (step: number, phase: RunState["phase"] = "training"): RunState =>
  ({ name: "a", phase, step, curve: { steps: [step] }, samples: step < 3 ? [] : [{ step: 3 }] }) as unknown as RunState;

test("a chart is drawn a few times a second, and when the run does something else; numbers always", () => {
  const steady = new Steady();
  const told = [state(1), state(2), state(3), state(4), state(5, "paused")].map((each, i) =>
    steady.of(each, 1000 + 150 * i),
  ) as RunState[];
  expect(told.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
  expect(told.map(({ curve }) => curve.steps[0])).toEqual([1, 1, 1, 4, 5]);
  expect(told[0]!.samples).toBe(told[1]!.samples);
  expect(told[2]!.samples).toEqual([{ step: 3 }]);
  expect(told[2]!.samples).toBe(told[4]!.samples);
});
