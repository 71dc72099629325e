import { readFileSync } from "node:fs";

import { isTenonError } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { set } from "../../test/tiny.ts";
import type { Batch } from "../data/batch.ts";
import { constant } from "../schedules/constant.ts";
import { train } from "../train.ts";
import { DivergenceWatch } from "./divergence-watch.ts";

interface Curves {
  readonly fine: Readonly<Record<string, readonly number[]>>;
  readonly diverging: Readonly<Record<string, readonly number[]>>;
}
const curves = JSON.parse(readFileSync(new URL("../../goldens/loss-curves.json", import.meta.url), "utf8")) as Curves;

/** After which loss the alarm comes, and how much of the distance to the limit the smoothed loss went at most. */
function alarmIn(losses: readonly number[], watch = new DivergenceWatch()): { at: number; most: number } {
  let most = 0;
  const at = losses.findIndex((loss) => {
    const alarm = watch.observe(loss);
    const { smoothed, best } = watch.state;
    if (best !== undefined) most = Math.max(most, (smoothed - best) / (watch.limit - best));
    return alarm;
  });
  return { at, most };
}

describe("real runs", () => {
  test.each(Object.entries(curves.fine))("%s: no alarm, by far", (name, losses) => {
    const { at, most } = alarmIn(losses);
    expect(at).toBe(-1);
    if (name !== "spike") expect(most).toBeLessThan(0.25);
  });
  // The rate is raised after step 700; the alarm comes at the earliest 100 steps after.
  test.each(Object.entries(curves.diverging))("%s: an alarm in time", (_, losses) => {
    const { at } = alarmIn(losses);
    expect(at).toBeGreaterThan(700);
    expect(at).toBeLessThan(900);
  });
});

const steady = (level: number, steps: number): number[] => new Array<number>(steps).fill(level);

test("a loss near zero may be many times its best; what counts is what was gained", () => {
  const learned = [...steady(2, 10), ...steady(0.001, 400)];
  expect(alarmIn([...learned, ...steady(0.5, 400)]).at).toBe(-1);
  expect(alarmIn([...learned, ...steady(1.2, 400)]).at).toBeGreaterThan(learned.length + 99);
});

test("a loss that begins near its best has to rise by a quarter, a negative one as well", () => {
  for (const level of [4, -4]) {
    expect(alarmIn([...steady(level, 100), ...steady(level + 0.9, 400)]).at).toBe(-1);
    expect(alarmIn([...steady(level, 100), ...steady(level + 1.2, 400)]).at).toBeGreaterThan(199);
  }
});

test("a spike, however high, and losses that are high for a while, are forgotten", () => {
  const learned = [...steady(4, 10), ...steady(1, 200)];
  expect(alarmIn([...learned, 1e30, ...steady(1, 300)]).at).toBe(-1);
  expect(alarmIn([...learned, ...steady(1e6, 50), ...steady(1, 300)]).at).toBe(-1);
});

test("its state goes on where another watch left off, and is plain data", () => {
  const losses = curves.diverging["rate raised late"]!;
  const { at } = alarmIn(losses);
  for (const cut of [20, 760]) {
    const first = new DivergenceWatch();
    for (const loss of losses.slice(0, cut)) first.observe(loss);
    const second = new DivergenceWatch();
    second.state = JSON.parse(JSON.stringify(first.state));
    expect(cut + alarmIn(losses.slice(cut), second).at).toBe(at);
  }
});

test("train stops before the step that it cannot justify, and says what the gradients are", async () => {
  const divergence = new DivergenceWatch({ steps: 10, window: 5 });
  const fixed = await set();
  // From step 60 on what is right changes from step to step, so that there is nothing to learn.
  const batches = async (step: number): Promise<Batch> => {
    const batch = await fixed.batches(step);
    return step < 60 ? batch : { ...batch, targets: batch.targets.map((id) => (id + step) % 8) };
  };
  const options = await set({ steps: 400, evaluation: undefined, schedule: constant(0.05), batches, divergence });
  let last = 0;
  let thrown: unknown;
  try {
    for await (const { step } of train(options)) last = step;
  } catch (error) {
    thrown = error;
  }
  if (!isTenonError(thrown, "GradientError")) throw thrown ?? new Error("it did not stop");
  expect(last).toBeGreaterThan(68);
  expect(options.optimiser.steps).toBe(last);
  const number = String.raw`\d+(\.\d+)?(e[+-]\d+)?`;
  expect(thrown.message).toMatch(
    new RegExp(
      `^Training stopped at step ${last + 1}: it diverges\\. The loss, smoothed over 5 steps, has been above ${number} for 10 steps; it is ${number} now, and was ${number} \\d+ steps ago\\. ` +
        `The norm of the gradients is ${number}, and those of the largest are [a-z.]+ ${number}, [a-z.]+ ${number}, [a-z.]+ ${number}\\. ` +
        "Go back to what was saved before, and lower the rate \\(it was 0.05\\), lengthen the warm-up or clip harder; if the loss is meant to rise, say divergence: false\\.$",
    ),
  );
  const norms = thrown.fields["norms"] as { parameter: string; norm: number }[];
  expect(norms.map(({ parameter }) => parameter).toSorted()).toEqual([
    "embedding.table",
    "output.bias",
    "output.weight",
  ]);
  const whole = Math.hypot(...norms.map(({ norm }) => norm));
  expect(whole).toBeCloseTo(thrown.fields["gradientNorm"] as number, 3);

  let steps = 0;
  for await (const { step } of train({ ...options, steps: last + 20, divergence: false })) steps = step;
  expect(steps).toBe(last + 20);
});

test("bad options are refused by name", () => {
  expect(() => new DivergenceWatch({ factor: 1 })).toThrow("DivergenceWatch: factor must be above 1, got 1");
  expect(() => new DivergenceWatch({ steps: 0 })).toThrow("DivergenceWatch: steps must be a whole number from 1 up");
  expect(() => new DivergenceWatch({ window: 0.5 })).toThrow(
    "DivergenceWatch: window must be a whole number from 1 up",
  );
});
