// Training in a page: in its own thread, and in workers that share the memory.
import { expect, test } from "vitest";

import { trainFastText, trainGlove, trainWord2Vec } from "../index.ts";

const text = "the sun is warm and the moon is cold\nthe sea is deep and the hill is high\n".repeat(3000);

test("one thread gives the same vectors each time, two learn as well", async () => {
  expect(crossOriginIsolated).toBe(true);
  const run = (threads: number) => trainWord2Vec({ text, width: 12, training: { threads, epochs: 2 } });
  const [one, again, two] = [await run(1), await run(1), await run(2)];
  expect(one.vectors.data).toEqual(again.vectors.data);
  expect(two.report.words).toBe(one.report.words);
  expect(two.report.losses.at(-1)).toBeCloseTo(one.report.losses.at(-1)!, 0);
});

test("fastText and GloVe train on two threads", async () => {
  const { report } = await trainFastText({
    text,
    width: 8,
    subwords: { buckets: 1000 },
    training: { threads: 2, epochs: 2 },
  });
  expect(report.losses).toHaveLength(2);
  const glove = await trainGlove({ text, vectors: { width: 8 }, training: { threads: 2, epochs: 3 } });
  expect(glove.report.losses.at(-1)).toBeLessThan(glove.report.losses[0]!);
});

test("a worker that cannot start is an error, not a hang", async () => {
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor() {
      super(new URL("./none.js", location.href), { type: "module" });
    }
  };
  try {
    await expect(trainWord2Vec({ text, width: 8, training: { threads: 2 } })).rejects.toThrow(/training: a worker/);
  } finally {
    globalThis.Worker = Worker;
  }
});
