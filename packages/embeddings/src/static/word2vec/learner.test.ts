import { expect, test, vi } from "vitest";

import { Layout, view } from "../training/layout.ts";
import { trainingMemory } from "../training/training-memory.ts";
import { reserveWordTable } from "../vocabulary/word-table.ts";
import { word2vecLearner } from "./learner.ts";
import { reserveSlot } from "./plan.ts";

const rates = vi.hoisted((): number[] => []);
vi.mock("./kernels/index.ts", () => ({
  compileLoops: () => ({ skipGram: (_: number, rate: number) => rates.push(rate) }),
}));

test("a learner lowers the rate from sentence to sentence of a chunk", () => {
  const layout = new Layout();
  const words = ["a", "b", "c"];
  const table = reserveWordTable(layout, words);
  const keep = layout.reserve("u32", words.length);
  const block = layout.reserve("f32", 12);
  const slot = reserveSlot(layout, { stride: 4, sentence: 10, rows: 1, loss: { kind: "softmax", outputs: 3 } });
  const room = trainingMemory(layout.bytes, false);
  table.fill(room.memory);
  view(room.memory, keep).fill(0xffffffff);
  const loss = { kind: "softmax", outputs: 3 } as const;
  const loops = { stride: 4, window: 1, input: block, output: block, loss, slots: [slot] };
  const learner = word2vecLearner({ model: "skip-gram", loops, table: table.plan, keep }, room, 0);
  const bytes = new TextEncoder().encode("a b c\nb c a\nc\na a b");
  expect(learner.learn(bytes, { first: 1, last: 0 }).words).toBe(10);
  // Of 13 words and ends of lines, sentences end behind 3, 7 and 13; a word alone has nothing to learn from.
  expect(rates).toEqual([1 - 3 / 13, 1 - 7 / 13, 0]);
});
