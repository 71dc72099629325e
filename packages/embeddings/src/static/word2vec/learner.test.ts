import { beforeEach, expect, test, vi } from "vitest";

import { Layout, view } from "../training/layout.ts";
import type { Learner } from "../training/learner.ts";
import { trainingMemory } from "../training/training-memory.ts";
import { reserveWordTable } from "../vocabulary/word-table.ts";
import { word2vecLearner } from "./learner.ts";
import { reserveSlot } from "./plan.ts";
import { prepareSlot } from "./take-tally.ts";

const calls = vi.hoisted((): [count: number, rate: number][] => []);
beforeEach(() => void calls.splice(0));
vi.mock("./kernels/index.ts", () => ({
  compileLoops: () => ({ skipGram: (...call: [number, number]) => calls.push(call) }),
}));

/** A learner of the words a, b and c, each with a chance of being kept. */
function learnerOf(kept: readonly number[]): Learner {
  const layout = new Layout();
  const table = reserveWordTable(layout, ["a", "b", "c"]);
  const keep = layout.reserve("u32", 3);
  const matrix = layout.reserve("f32", 12);
  const loss = { kind: "softmax", outputs: 3 } as const;
  const slot = reserveSlot(layout, { stride: 4, sentence: 1000, rows: 1, loss });
  const room = trainingMemory(layout.bytes, false);
  table.fill(room.memory);
  view(room.memory, keep).set(kept.map((share) => share * 0xffffffff));
  prepareSlot(room.memory, slot, [1, 2]);
  const loops = { stride: 4, window: 1, input: matrix, output: matrix, loss, slots: [slot] };
  return word2vecLearner({ model: "skip-gram", loops, table: table.plan, keep }, room, 0);
}
const learn = (learner: Learner, text: string): number =>
  learner.learn(new TextEncoder().encode(text), { first: 1, last: 0 }).words;

test("the rate falls from sentence to sentence of a chunk", () => {
  expect(learn(learnerOf([1, 1, 1]), "a b c\nb c a\nc\na a b")).toBe(10);
  // Of 13 words and ends of lines, sentences end behind 3, 7 and 13; a word alone has nothing to learn from.
  expect(calls).toEqual([
    [3, 1 - 3 / 13],
    [3, 1 - 7 / 13],
    [3, 0],
  ]);
});

test("words are left out by their chance, and count nevertheless; long lines are cut behind that", () => {
  expect(learn(learnerOf([0, 0.25, 1]), "a b c ".repeat(4000))).toBe(12_000);
  expect(calls.slice(0, -1).every(([count]) => count === 1000)).toBe(true);
  const kept = calls.reduce((sum, [count]) => sum + count, 0);
  expect(Math.abs(kept - 5000)).toBeLessThan(120); // four standard deviations of 27
});
