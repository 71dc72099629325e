import { random } from "@tenon/tensor";

import { type Block, Layout, view } from "../../training/layout.ts";
import { type Settled } from "../../training/run.ts";
import { SmallRandom } from "../../training/small-random.ts";
import { trainingMemory, type TrainingMemory } from "../../training/training-memory.ts";
import { reserveWordTable, type WordTablePlan } from "../../vocabulary/word-table.ts";
import { copyRows } from "../../word2vec/matrices.ts";
import { type LoopsPlan, reserveSlot, strideOf } from "../../word2vec/plan.ts";
import { prepareSlot } from "../../word2vec/take-tally.ts";
import type { FastTextDictionary } from "../dictionary.ts";
import { FastText } from "../fasttext.ts";
import { DenseMatrix } from "../matrix.ts";
import type { FastTextSettings } from "../settings.ts";
import { type ClassifierLoss, reserveFastTextLoss } from "./classifier-loss.ts";
import { fillEvenly } from "./initial-rows.ts";
import { wordParts } from "./word-parts.ts";

/** What the memory of a training is made for. */
export interface Preparation {
  readonly dictionary: FastTextDictionary;
  readonly width: number;
  readonly loss: ClassifierLoss;
  /** How often each output occurs. */
  readonly outputCounts: Float64Array;
  readonly window: number;
  readonly divides: boolean;
  /** The most words of a sentence, and the most input rows of an example, if a word has so many parts at most. */
  readonly sentence: number;
  readonly rows: (partsOfWord: number) => number;
}

/** The memory of a training, and what lies in it. */
export interface Prepared {
  readonly room: TrainingMemory;
  readonly loops: LoopsPlan;
  /** The words, and after them the labels. */
  readonly table: WordTablePlan;
  /** A number for each word, for the caller to fill. */
  readonly keep: Block<"u32">;
  readonly state: Readonly<Record<string, Block<"f32"> | Block<"i32">>>;
  /** The model that has been learned. Throws a ConfigError where the learning went astray. */
  model(settings: FastTextSettings): FastText;
}

/** Makes the memory: the parts of all words, once for all threads; the input even in ±1/d, the output 0. */
export function prepare(what: Preparation, { seed, threads }: Settled): Prepared {
  const { dictionary, width, outputCounts } = what;
  const { words, labels, inputRows } = dictionary;
  const layout = new Layout();
  const stride = strideOf(width);
  const table = reserveWordTable(layout, [...words, ...labels]);
  const loss = reserveFastTextLoss(layout, what.loss, outputCounts);
  const parts = wordParts(dictionary);
  const starts = layout.reserve("i32", parts.starts.length);
  const rows = layout.reserve("i32", parts.rows.length);
  const gains = layout.reserve("f32", parts.gains.length);
  const keep = layout.reserve("u32", words.length);
  const slots = Array.from({ length: threads }, () =>
    reserveSlot(layout, { stride, sentence: what.sentence, rows: what.rows(parts.most), loss: loss.plan }),
  );
  const input = layout.reserve("f32", inputRows * stride);
  const output = layout.reserve("f32", outputCounts.length * stride);
  const room = trainingMemory(layout.bytes, threads > 1);
  const { memory } = room;

  table.fill(memory);
  loss.fill(memory);
  view(memory, starts).set(parts.starts);
  view(memory, rows).set(parts.rows);
  view(memory, gains).set(parts.gains);
  const seeds = random(seed);
  const pair = (name: string | number): [number, number] => {
    const source = seeds.fork(name);
    return [source.integer(2 ** 32), source.integer(2 ** 32)];
  };
  for (const [thread, slot] of slots.entries()) {
    prepareSlot(memory, slot, pair(thread));
    if (loss.plan.kind !== "one-vs-all") continue;
    const points = view(memory, slot.points);
    for (let i = 0; i < points.length; i++) points[i] = i;
    view(memory, slot.labels).fill(0);
  }
  fillEvenly(view(memory, input), width, new SmallRandom(Int32Array.from(pair("vectors"), (n) => n | 0)));
  return {
    room,
    loops: {
      stride,
      window: what.window,
      input,
      output,
      loss: loss.plan,
      parts: { starts, rows, gains },
      divides: what.divides,
      slots,
    },
    table: table.plan,
    keep,
    state: { input, output, ...Object.fromEntries(slots.map((slot, thread) => [`random.${thread}`, slot.random])) },
    model: (settings) =>
      new FastText({
        settings,
        dictionary,
        input: new DenseMatrix(inputRows, width, copyRows(view(memory, input), width)),
        output: new DenseMatrix(outputCounts.length, width, copyRows(view(memory, output), width)),
      }),
  };
}
