import type { Learned, Learner, MakeLearner, Rates } from "../../training/learner.ts";
import { view } from "../../training/layout.ts";
import { SmallRandom } from "../../training/small-random.ts";
import { isSpace } from "../../training/white-space.ts";
import { WordTable, type WordTablePlan } from "../../vocabulary/word-table.ts";
import { compileLoops } from "../../word2vec/kernels/index.ts";
import type { LoopsPlan } from "../../word2vec/plan.ts";
import { takeTally } from "../../word2vec/take-tally.ts";
import { hash, wordNgramBuckets } from "../hash.ts";
import { boundedBytes, characterNgrams, type SubwordSettings } from "../subwords.ts";

/** What the threads of a classifier's training need to know. */
export interface ClassifierPlan {
  readonly loops: LoopsPlan;
  /** The words, and after them the labels. */
  readonly table: WordTablePlan;
  /** How many of the table are words. */
  readonly words: number;
  readonly subwords: SubwordSettings;
  readonly labelPrefix: Uint8Array;
  /** The end of a line as a word: its bytes, and its number, where it has one. */
  readonly lineEnd: { readonly bytes: Uint8Array; readonly word: number | undefined };
}

/**
 * One thread of a classifier's training: it makes an example of each line that has a label, its words, their parts and its word n-grams, and
 * has the loops learn its label: one of them, drawn anew each time, where it has several; or all of them, one-vs-all.
 */
export const classifierLearner: MakeLearner<ClassifierPlan> = (plan, room, thread): Learner => {
  const { memory } = room;
  const { loops: loopsPlan, words, subwords, labelPrefix, lineEnd } = plan;
  const slot = loopsPlan.slots[thread]!;
  const loops = compileLoops(room, loopsPlan, slot);
  const table = new WordTable(memory, plan.table);
  const random = new SmallRandom(view(memory, slot.random));
  const rows = view(memory, slot.rows);
  const truths = view(memory, slot.labels);
  const starts = view(memory, loopsPlan.parts!.starts);
  const parts = view(memory, loopsPlan.parts!.rows);

  let count = 0;
  const labels: number[] = [];
  const hashes: number[] = [];
  const addBucket = (bucket: number): void => void (rows[count++] = words + bucket);

  const addWord = (word: number, text: Uint8Array, from: number, to: number): void => {
    if (word >= 0) {
      const [first, end] = [starts[word]!, starts[word + 1]!];
      for (let i = first; i < end; i++) rows[count++] = parts[i]!;
    } else if (subwords.longest > 0 && !isSame(lineEnd.bytes, text, from, to)) {
      const bytes = boundedBytes(text.subarray(from, to));
      characterNgrams(bytes, subwords, (begin, end) => addBucket(hash(bytes, begin, end) % subwords.buckets));
    }
    if (subwords.wordNgrams > 1) hashes.push(hash(text, from, to));
  };
  /** Learns the line and forgets it. */
  const finish = (rate: number): void => {
    wordNgramBuckets(hashes, subwords.wordNgrams, subwords.buckets, addBucket);
    if (count > 0 && labels.length > 0) {
      if (loopsPlan.loss.kind === "one-vs-all") {
        for (const label of labels) truths[label] = 1;
        loops.learnRows(count, 0, rate);
        for (const label of labels) truths[label] = 0;
      } else loops.learnRows(count, labels[labels.length === 1 ? 0 : random.below(labels.length)]!, rate);
    }
    count = 0;
    labels.length = 0;
    hashes.length = 0;
  };

  return {
    learn(bytes: Uint8Array, { first, last }: Rates): Learned {
      const rateAt = (at: number): number => first + (last - first) * (at / bytes.length);
      let tokens = 0;
      let from = 0;
      for (let i = 0; i <= bytes.length; i++) {
        const byte = i < bytes.length ? bytes[i]! : 32;
        if (!isSpace(byte)) continue;
        if (i > from) {
          tokens++;
          const id = table.find(bytes, from, i);
          if (id >= words) labels.push(id - words);
          else if (id >= 0 || !startsWith(bytes, from, i, labelPrefix)) addWord(id, bytes, from, i);
          if (id >= 0 && id === lineEnd.word) finish(rateAt(i));
        }
        from = i + 1;
        if (byte !== 10) continue;
        tokens++;
        addWord(lineEnd.word ?? -1, lineEnd.bytes, 0, lineEnd.bytes.length);
        finish(rateAt(i));
      }
      finish(last);
      return { words: tokens, ...takeTally(memory, slot) };
    },
  };
};

function startsWith(text: Uint8Array, from: number, to: number, prefix: Uint8Array): boolean {
  if (to - from < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (text[from + i] !== prefix[i]) return false;
  return true;
}
const isSame = (word: Uint8Array, text: Uint8Array, from: number, to: number): boolean =>
  to - from === word.length && startsWith(text, from, to, word);
