import { pairsAtOnce, type SortedCounts } from "./counts-of-pairs.ts";
import { mergeRuns } from "./merge-runs.ts";
import type { RunFile } from "./run-file.ts";
import type { WindowCounter } from "./window-counter.ts";

/** Some pairs of words and how often they occur together: the i-th is `counts[i]` of word `words[i]` with `contexts[i]`. */
export interface CooccurrenceBlock {
  readonly words: Int32Array;
  readonly contexts: Int32Array;
  readonly counts: Float64Array;
}

/** What {@link Cooccurrences} are made of. */
interface CooccurrencesParts {
  readonly vocabulary: number;
  readonly symmetric: boolean;
  readonly counter: WindowCounter;
  readonly runs: readonly RunFile[];
  readonly bytes: number;
}

/** How often words occur near each other: X of Pennington et al. 2014. Made by {@link countCooccurrences}. */
export class Cooccurrences {
  /** Words that have a number. */
  readonly vocabulary: number;
  /** Whether X is its own transpose. */
  readonly symmetric: boolean;
  readonly #parts: CooccurrencesParts;

  constructor(parts: CooccurrencesParts) {
    this.vocabulary = parts.vocabulary;
    this.symmetric = parts.symmetric;
    this.#parts = parts;
  }

  /** As many pairs as there may be: those that several runs have are counted several times. */
  get atMost(): number {
    const { symmetric, counter, runs } = this.#parts;
    const counted = runs.reduce((sum, { pairs }) => sum + pairs, counter.dense.size + counter.hashed.size);
    return symmetric ? 2 * counted : counted;
  }

  /**
   * All pairs that occur, each once, block by block and the same each time. Of a symmetric X they are sorted by the smaller and then by the
   * larger id, and (j, i) comes right behind (i, j); else by word and then by context.
   *
   * @yields 8192 pairs, or twice as many of a symmetric X; fewer at the end
   */
  async *blocks(): AsyncGenerator<CooccurrenceBlock> {
    const { vocabulary, symmetric, counter, runs, bytes } = this.#parts;
    const atOnce = Math.max(64, Math.min(pairsAtOnce, Math.floor(bytes / 64 / (runs.length + 1))));
    const onDisk = runs.map((run) => run.read(atOnce));
    for await (const block of mergeRuns([...onDisk, counter.hashed.sorted(), counter.dense.sorted()]))
      yield symmetric ? mirrored(block, vocabulary) : asCounted(block, vocabulary);
  }

  /** Deletes what lies on disk. There are no blocks afterwards. */
  async release(): Promise<void> {
    await Promise.all(this.#parts.runs.map((run) => run.remove()));
  }
}

function asCounted(block: SortedCounts, vocabulary: number): CooccurrenceBlock {
  const pairs = block.length / 2;
  const [words, contexts, counts] = [new Int32Array(pairs), new Int32Array(pairs), new Float64Array(pairs)];
  for (let i = 0; i < pairs; i++) {
    words[i] = Math.floor(block[2 * i]! / vocabulary);
    contexts[i] = block[2 * i]! - words[i]! * vocabulary;
    counts[i] = block[2 * i + 1]!;
  }
  return { words, contexts, counts };
}

function mirrored(block: SortedCounts, vocabulary: number): CooccurrenceBlock {
  const half = asCounted(block, vocabulary);
  const most = block.length;
  const [words, contexts, counts] = [new Int32Array(most), new Int32Array(most), new Float64Array(most)];
  let n = 0;
  for (let i = 0; i < half.counts.length; i++) {
    const [a, b] = [half.words[i]!, half.contexts[i]!];
    words[n] = a;
    contexts[n] = b;
    counts[n++] = half.counts[i]!;
    if (a === b) continue;
    words[n] = b;
    contexts[n] = a;
    counts[n++] = half.counts[i]!;
  }
  return { words: words.subarray(0, n), contexts: contexts.subarray(0, n), counts: counts.subarray(0, n) };
}
