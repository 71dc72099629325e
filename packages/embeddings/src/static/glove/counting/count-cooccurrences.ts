import { ConfigError } from "@tenon/tensor";

import { Pace } from "../pace.ts";
import { defaultMemory } from "../glove-options.ts";
import type { Scratch } from "../scratch.ts";
import { Cooccurrences } from "./cooccurrences.ts";
import { RunFile } from "./run-file.ts";
import { WindowCounter, type WindowOptions } from "./window-counter.ts";
import type { Filled } from "../../filled.ts";

/** How {@link countCooccurrences} counts. */
export interface CountCooccurrencesOptions {
  /** How many words have a number: ids are below it. The frequent ones have the small numbers. */
  readonly vocabulary: number;
  /** What is counted. */
  readonly window?: WindowOptions | undefined;
  /** How many bytes of counts are kept in memory. Default: 512 MiB. */
  readonly memory?: number | undefined;
  /** Where counts go beyond that. Default: nowhere, and an error says so. */
  readonly scratch?: Scratch | undefined;
  /** Stops the counting; the promise is rejected with the signal's reason, and what lay on disk is deleted. */
  readonly signal?: AbortSignal | undefined;
}

const leastMemory = 2 ** 16;

/**
 * Counts how often words occur near each other.
 *
 *     X[i, j] = Σ 1 / distance, over all places where j is a word of the context of i
 *
 * The text comes as the ids of its words, in pieces of any length; a negative id ends a line, and no window reaches over it. Words that have
 * no id are left out before, so that a window reaches over them. Pairs of frequent words are counted in a table, all others in a hash table
 * that is sorted and written to `scratch` whenever it is full; in the end these runs are merged. Sums are made in doubles and in the text's
 * order; how much memory there is changes at most their last bits.
 *
 * Throws a ConfigError where an id is not below `vocabulary`, an option is out of its range, or the memory is full and there is no `scratch`.
 *
 * Pennington, Socher and Manning 2014, "GloVe: Global Vectors for Word Representation", section 4.2.
 *
 * @example
 * ```ts
 * const text = [Int32Array.of(0, 1, 2, -1)]; // "the cat sat", and the line ends
 * const counts = await countCooccurrences(text, { vocabulary: 3, window: { symmetric: false } });
 * const { value } = await counts.blocks().next();
 * console.log(value.words.join(), value.contexts.join(), value.counts.join()); // 0,0,1 1,2,2 1,0.5,1
 * ```
 */
export async function countCooccurrences(
  text: AsyncIterable<Int32Array> | Iterable<Int32Array>,
  options: CountCooccurrencesOptions,
): Promise<Cooccurrences> {
  const { vocabulary, scratch, signal, memory: bytes = defaultMemory } = options;
  const window = checkedWindow(options.window ?? {});
  const least = leastMemory + 128 * window.size;
  if (!Number.isSafeInteger(vocabulary) || vocabulary < 1)
    throw new ConfigError(`countCooccurrences: vocabulary is the number of words, at least 1, got ${vocabulary}`);
  if (!(bytes >= least))
    throw new ConfigError(`countCooccurrences: memory is in bytes, at least ${least} for this window, got ${bytes}`);

  const counter = new WindowCounter(window, vocabulary, bytes);
  const runs: RunFile[] = [];
  const pace = new Pace(signal);
  try {
    for await (const ids of text) {
      checkIds(ids, vocabulary);
      for (let at = 0; (at = counter.count(ids, at)) < ids.length;) {
        if (scratch === undefined) throw fullMemory(bytes);
        runs.push(await RunFile.write(counter.hashed.sorted(), scratch));
        counter.hashed.clear();
      }
      await pace.step();
    }
  } catch (error) {
    await Promise.all(runs.map((run) => run.remove()));
    throw error;
  }
  return new Cooccurrences({ vocabulary, symmetric: window.symmetric, counter, runs, bytes });
}

function checkedWindow({
  size = 15,
  symmetric = true,
  distanceWeighting = true,
}: WindowOptions): Filled<WindowOptions> {
  if (!Number.isSafeInteger(size) || size < 1 || size > 10_000)
    throw new ConfigError(`countCooccurrences: a window's size is a whole number from 1 to 10,000, got ${size}`, {
      size,
    });
  return { size, symmetric, distanceWeighting };
}

function checkIds(ids: Int32Array, vocabulary: number): void {
  const wrong = ids.find((id) => id >= vocabulary);
  if (wrong !== undefined)
    throw new ConfigError(
      `countCooccurrences: the text has id ${wrong}, but a vocabulary of ${vocabulary} ends at ${vocabulary - 1}`,
    );
}

const fullMemory = (bytes: number): ConfigError =>
  new ConfigError(
    `countCooccurrences: the counts take more than the memory of ${bytes} bytes. Give more of it, or a scratch to put counts in ` +
      "(in Node, temporaryFiles()), or count less: a smaller window, or a vocabulary without the rarest words",
    { memory: bytes },
  );
