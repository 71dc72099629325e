import type { Learned, Learner, MakeLearner, Rates } from "../training/learner.ts";
import { type Block, view } from "../training/layout.ts";
import { SmallRandom } from "../training/small-random.ts";
import { lineEnd, WordTable, type WordTablePlan } from "../vocabulary/word-table.ts";
import { compileLoops } from "./kernels/index.ts";
import type { LoopsPlan } from "./plan.ts";
import { takeTally } from "./take-tally.ts";

/** What the threads of a word2vec run need to know. */
export interface Word2VecPlan {
  readonly model: "skip-gram" | "cbow";
  readonly loops: LoopsPlan;
  readonly table: WordTablePlan;
  /** See keep-thresholds.ts, [v]. */
  readonly keep: Block<"u32">;
  /** The word that the end of a line counts as, and ends a sentence with; to fastText it is one, to word2vec none. */
  readonly lineEndWord?: number | undefined;
}

/** Sentences are cut at this length, after words were left out of them, as in the original. */
export const longestSentence = 1000;

/** One thread of word2vec: it makes sentences of a chunk's words, and has the loops learn them. */
export const word2vecLearner: MakeLearner<Word2VecPlan> = (plan, room, thread): Learner => {
  const { memory } = room;
  const slot = plan.loops.slots[thread]!;
  const loops = compileLoops(room, plan.loops, slot);
  const learnSentence = plan.model === "cbow" ? loops.continuousBag : loops.skipGram;
  const table = new WordTable(memory, plan.table);
  const keep = view(memory, plan.keep);
  const random = new SmallRandom(view(memory, slot.random));
  const sentence = view(memory, slot.sentence);
  return {
    learn(bytes: Uint8Array, { first, last }: Rates): Learned {
      const ids = table.read(bytes);
      let [words, length] = [0, 0];
      const finish = (done: number): void => {
        if (length > 1) learnSentence(length, first + (last - first) * (done / ids.length));
        length = 0;
      };
      for (let i = 0; i < ids.length; i++) {
        const endsLine = ids[i] === lineEnd;
        const word = endsLine ? plan.lineEndWord : ids[i]!;
        if (word !== undefined) {
          words++;
          // Most words are always kept, and need no random number.
          if (keep[word] === 0xffffffff || random.next() <= keep[word]!) sentence[length++] = word;
        }
        if (endsLine || word === plan.lineEndWord || length === longestSentence) finish(i);
      }
      finish(ids.length);
      return { words, ...takeTally(memory, slot) };
    },
  };
};
