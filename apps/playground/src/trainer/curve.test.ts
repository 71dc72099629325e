import { expect, test } from "vitest";

import { Curve } from "./curve.ts";

function curveOf(steps: number, most: number): Curve {
  const curve = new Curve(most);
  for (let step = 1; step <= steps; step++) {
    curve.add({ step, loss: step, gradientNorm: 1, rate: 2 });
    if (step % 5 === 0) curve.addHeldOut(step, -step);
  }
  return curve;
}

test("a run of any length has a bounded number of points, each the mean of its steps", () => {
  const { steps, loss, each, gradientNorm, rate } = curveOf(10, 8).data;
  expect([steps, loss, each]).toEqual([[2, 4, 6, 8, 10], [1.5, 3.5, 5.5, 7.5, 9.5], 2]);
  expect([gradientNorm[0], rate[0]]).toEqual([1, 2]);
  expect(curveOf(9, 8).data.steps.at(-1)).toBe(9); // the last steps are no whole point yet, and shown
  expect(curveOf(10_000, 8).data.steps.length).toBeLessThanOrEqual(8);
  expect(curveOf(10_000, 8).data.heldOut.length).toBeLessThanOrEqual(8);
});

test("a run that goes on from a checkpoint has the points before it, and no held-out loss twice", () => {
  const curve = Curve.upTo(7, curveOf(10, 100).data, 100);
  expect(curve.data.steps.at(-1)).toBe(7);
  expect(curve.data.heldOutSteps).toEqual([5]);
  const going = Curve.upTo(9, curveOf(9, 8).data, 8);
  going.add({ step: 10, loss: 10, gradientNorm: 1, rate: 2 });
  going.addHeldOut(10, -10);
  expect(going.data).toEqual(curveOf(10, 8).data); // as if it had not been interrupted
  curve.addHeldOut(5, 0);
  expect(curve.lastHeldOut).toEqual({ step: 5, loss: -5 });
});
