import { expect, test } from "vitest";

import type { TrainingCheckpoint } from "../training/checkpoint.ts";
import { countCooccurrences } from "./counting/count-cooccurrences.ts";
import type { Glove } from "./glove.ts";
import type { GloveOptions, GloveProgress, GloveTrainingOptions } from "./glove-options.ts";
import { golden, goldenIds } from "../../../test/glove/golden.ts";
import { memoryScratch } from "../../../test/glove/memory-scratch.ts";
import { zipfText } from "../../../test/glove/zipf.ts";
import { trainGlove, type TrainGloveOptions } from "./train-glove.ts";
import { trainOnCooccurrences } from "./train-on-cooccurrences.ts";

const { text } = golden;
const options = { objective: { xMax: 3 }, vectors: { width: 6 } } as const;
const train = (more: Partial<TrainGloveOptions> = {}): Promise<Glove> =>
  trainGlove({ text, vocabulary: { minimumCount: 2 }, window: { size: 4 }, ...options, ...more });
/** Vectors as text: the same where all bits are. */
const bits = ({ vectors }: Glove): string => vectors.data.join(" ");

test("a text becomes vectors, and the same seed the same ones", async () => {
  const first = await train();
  const { vectors, report } = first;
  expect([...vectors.words].sort()).toEqual([...golden.vocabulary].sort());
  expect([vectors.width, report.pairs, report.losses.length]).toEqual([6, golden.counts[0]!.records.length, 25]);
  expect(report.losses[0]!).toBeGreaterThan(0.1);
  expect(report.losses[24]!).toBeLessThan(0.5 * report.losses[0]!);
  expect(bits(await train({ training: { seed: 1 } })) === bits(first)).toBe(true);
  expect(bits(await train({ training: { seed: 2 } })) === bits(first)).toBe(false);
  expect((await train({ vectors: { width: 6, kind: "everything" } })).vectors.width).toBe(14);
});

test("its parts, used alone, do the same", async () => {
  const ids = goldenIds();
  const cooccurrences = await countCooccurrences([ids], {
    vocabulary: golden.vocabulary.length,
    window: { size: 4, distanceWeighting: false },
  });
  const vocabulary = { words: golden.vocabulary };
  const alone = await trainOnCooccurrences({ cooccurrences, vocabulary, ...options });
  // The same ids in the same order of lines, written as words that a vocabulary counts in the ids' order.
  const words = [...ids].map((id) => (id < 0 ? "\n" : `${golden.vocabulary[id]} `)).join("");
  const whole = await train({ text: words, window: { size: 4, distanceWeighting: false } });
  expect(whole.report.pairs).toBe(alone.report.pairs);
  expect(Math.abs(whole.report.losses[24]! / alone.report.losses[24]! - 1)).toBeLessThan(0.2);
  await expect(trainOnCooccurrences({ cooccurrences, vocabulary: { words: ["a"] } })).rejects.toThrow(
    "1 words, but counts of 21; give the words whose ids were counted",
  );
});

test("what goes by way of the disk is learned as well, and nothing stays there", async () => {
  const long = { text: zipfText(4000, 2000), training: { epochs: 3 } };
  const scratch = memoryScratch();
  const { report } = await train({ ...long, storage: { memory: 70_000, scratch } });
  const inMemory = await train(long);
  expect([scratch.created > 3, scratch.open]).toEqual([true, 0]);
  expect(report.pairs).toBe(inMemory.report.pairs);
  report.losses.forEach((loss, n) => expect(Math.abs(loss / inMemory.report.losses[n]! - 1)).toBeLessThan(0.05));

  const stop = new AbortController();
  const onProgress = (): void => stop.abort(new Error("enough"));
  const training = { epochs: 1000, signal: stop.signal, onProgress };
  await expect(train({ ...long, training, storage: { memory: 70_000, scratch } })).rejects.toThrow("enough");
  expect(scratch.open).toBe(0);
});

/** A place for checkpoints that stops the training at one of them. */
function stoppingStore(stop: AbortController, at: number) {
  let saved: TrainingCheckpoint | undefined;
  let count = 0;
  return {
    seconds: 0,
    load: async () => saved,
    save: async (checkpoint: TrainingCheckpoint) => {
      saved = structuredClone(checkpoint);
      if (++count === at) stop.abort(new Error("enough"));
    },
  };
}

test("a training that was stopped goes on to the same bits", async () => {
  const whole = await train();
  for (const at of [3, 10]) {
    const stop = new AbortController();
    const checkpoint = stoppingStore(stop, at);
    await expect(train({ training: { checkpoint, signal: stop.signal } })).rejects.toThrow("enough");
    const { learned } = (await checkpoint.load())!;
    expect(learned.length).toBeGreaterThan(0);
    expect(learned.length).toBeLessThan(25);
    const other = train({ training: { checkpoint }, window: { size: 4, distanceWeighting: false } });
    await expect(other).rejects.toThrow(/the checkpoint is of another training: its total was/);
    const resumed = await train({ training: { checkpoint } });
    expect(bits(resumed) === bits(whole)).toBe(true);
    expect(resumed.report.losses).toEqual(whole.report.losses);
  }
});

test("progress is told in pairs", async () => {
  const seen: GloveProgress[] = [];
  await train({ training: { epochs: 2, onProgress: (progress) => seen.push(progress) } });
  const last = seen.at(-1)!;
  expect([last.share, last.pairs, last.secondsLeft]).toEqual([1, 2 * golden.counts[0]!.records.length, 0]);
  expect(last.pairsPerSecond).toBeGreaterThan(0);
  expect(last.loss).toBeGreaterThan(0);
});

// A worker reads the sources itself, which Node does from 22.18 on.
test.skipIf(!process.features.typescript)("two threads learn what one does", async () => {
  const one = await train({ training: { epochs: 5 } });
  const two = await train({ training: { epochs: 5, threads: 2 } });
  expect(Math.abs(two.report.losses[4]! / one.report.losses[4]! - 1)).toBeLessThan(0.1);
});

test("what is refused", async () => {
  const refused = async (more: GloveOptions, message: string): Promise<void> =>
    expect(train(more)).rejects.toThrow(message);
  const training = (more: GloveTrainingOptions): GloveOptions => ({ training: more });
  await refused({ vectors: { width: 0 } }, "trainGlove: width is a whole number from 1 to 4096, got 0");
  await refused(
    { vectors: { kind: "both" as never } },
    'trainGlove: kind is "sum", "word" or "everything", got "both"',
  );
  await refused({ objective: { xMax: 0 } }, "trainGlove: xMax is a number above 0, got 0");
  await refused({ objective: { alpha: NaN } }, "trainGlove: alpha is a number from 0 on, got NaN");
  await refused({ objective: { clip: -1 } }, "trainGlove: clip is a number above 0, got -1");
  await refused(training({ epochs: 0 }), "trainGlove: epochs is a whole number from 1 on, got 0");
  await refused(training({ learningRate: 0 }), "trainGlove: learningRate is a number above 0, got 0");
  await refused(
    training({ learningRate: 1e30 }),
    "the loss of some pairs is no finite number any more; take a learningRate below 1e+30, or a clip below 100",
  );
  await expect(train({ vocabulary: { subsample: 0 } as object })).rejects.toThrow(
    "trainGlove: subsample is for word2vec",
  );
  await expect(train({ text: "a\nb\na\nb" })).rejects.toThrow(
    "no two words of the text are within a window of each other",
  );
});
