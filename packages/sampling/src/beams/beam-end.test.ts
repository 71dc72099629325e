import { expect, test } from "vitest";
import type { Constraint } from "../constraints/constraint.ts";
import { functionModel } from "../predict/function-model.ts";
import { beamSearch } from "./beam-search.ts";

const model = functionModel((ids) => [0.1 * ids.length, 1, 0.5, 0.2], { vocabulary: 4, context: 5 });

/** Token 3 one to three times, then token 2. */
const threesThenTwo: Constraint<number> = {
  name: "threes, then two",
  start: 0,
  allowed(state, budget) {
    if (state > 3 || budget < (state === 0 ? 2 : 1)) return [];
    return [...(state >= 1 ? [2] : []), ...(state < 3 && budget >= 2 ? [3] : [])];
  },
  next: (state, id) => (id === 2 ? 4 : state + 1),
  accepts: (state) => state === 4,
};

test("a constraint is followed by every beam: all that it allows are found, and nothing else", async () => {
  const { hypotheses } = await beamSearch(model, [0], { beams: 6, constraint: threesThenTwo, stopWhen: "hopeless" });
  const found = hypotheses.map(({ ids, stopReason }) => [ids.join(""), stopReason]);
  expect(found.sort()).toEqual([
    ["32", "constraint"],
    ["332", "constraint"],
    ["3332", "constraint"],
  ]);
});

test("it is completed within a budget of tokens", async () => {
  const { hypotheses } = await beamSearch(model, [0], { beams: 6, constraint: threesThenTwo, maxTokens: 3 });
  expect(hypotheses.map(({ ids }) => ids.join("")).sort()).toEqual(["32", "332"]);
  await expect(beamSearch(model, [0], { beams: 2, constraint: threesThenTwo, maxTokens: 1 })).rejects.toThrow(
    "threes, then two cannot be completed within 1 tokens. Allow more, or constrain to something shorter.",
  );
});

test("a stop token may come where a constraint is complete, and nowhere else", async () => {
  const anything: Constraint<number> = {
    name: "an even number of ones",
    start: 0,
    allowed: (state, budget) => (budget >= 2 - (state % 2) ? [1] : []),
    next: (state) => state + 1,
    accepts: (state) => state % 2 === 0,
  };
  const options = { beams: 4, constraint: anything, stop: [0], maxTokens: 5 };
  const { hypotheses } = await beamSearch(model, [0], options);
  expect(hypotheses.map(({ ids, stopReason }) => [ids.join(""), stopReason]).sort()).toEqual([
    ["0", "token"],
    ["110", "token"],
    ["1111", "constraint"], // two more do not fit
  ]);
});

test("what is alive at the last token has a length, and at the end of the context that reason", async () => {
  const short = await beamSearch(model, [0], { beams: 2, maxTokens: 4 });
  expect(short.hypotheses.map(({ ids, stopReason }) => [ids.length, stopReason])).toEqual([
    [4, "length"],
    [4, "length"],
  ]);
  const full = await beamSearch(model, [0], { beams: 2 });
  expect(full.hypotheses.map(({ ids, stopReason }) => [ids.length, stopReason])).toEqual([
    [5, "context"],
    [5, "context"],
  ]);
});

test("a search that had enough leaves out what is alive, even at the last token and if it is better", async () => {
  const even = functionModel(() => [0.5, 1, -3], { vocabulary: 3 });
  const options = { beams: 2, maxTokens: 2, stop: [0] };
  const enough = await beamSearch(even, [1], { ...options, stopWhen: "enough" });
  expect(enough.hypotheses.map(({ ids }) => ids)).toEqual([[1, 0], [0]]);
  const all = await beamSearch(even, [1], { ...options, stopWhen: "unlikely" });
  expect(all.hypotheses.map(({ ids }) => ids)).toEqual([
    [1, 1],
    [1, 0],
  ]);
});

test("when time is up the beams are returned as they are", async () => {
  const { hypotheses, statistics } = await beamSearch(model, [0], { beams: 2, maxSeconds: 1e-9 });
  expect(hypotheses.map(({ ids, stopReason }) => [ids, stopReason])).toEqual([
    [[1], "time"],
    [[2], "time"],
  ]);
  expect(statistics.steps).toBe(1);
});

test("a signal ends it with its reason: before it begins, and on the way", async () => {
  const reason = new Error("enough of this");
  await expect(beamSearch(model, [0], { beams: 2, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const controller = new AbortController();
  let asked = 0;
  const interrupted = functionModel(
    () => {
      if (++asked === 3) controller.abort(reason);
      return [0, 1];
    },
    { vocabulary: 2 },
  );
  const options = { beams: 1, maxTokens: 50, signal: controller.signal };
  await expect(beamSearch(interrupted, [0], options)).rejects.toBe(reason);
  expect(asked).toBe(3);
});

test("timers get their turn while it goes on", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const slow = functionModel(
    () => {
      const until = performance.now() + 30;
      while (performance.now() < until);
      return [0, 1];
    },
    { vocabulary: 2 },
  );
  await beamSearch(slow, [0], { beams: 1, maxTokens: 8 });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
});
