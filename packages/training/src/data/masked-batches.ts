import { expectSize } from "@tenon/nn";
import { ConfigError, type Random } from "@tenon/tensor";

import { type Batch, ignored } from "./batch.ts";
import { expectIds, expectWindow } from "./expect-ids.ts";

/** What {@link maskedBatches} cuts its windows from, and how it masks them. */
export interface MaskedBatchesOptions {
  /** The text as token ids. An `Int32Array` is not copied: leave it unchanged. */
  readonly ids: ArrayLike<number>;
  /** Tokens in a window: t. */
  readonly context: number;
  /** Windows in a batch: b. */
  readonly batch: number;
  /** Where everything is drawn from; give training and held-out batches forks of their own. */
  readonly random: Random;
  /** How many ids there are: v. */
  readonly vocabulary: number;
  /** The id that stands for a masked token. */
  readonly mask: number;
  /** Which ids may be masked and may replace others. Default all; the mask itself never. Exclude padding and the like. */
  readonly maskable?: (id: number) => boolean;
  /** The share of a row's tokens that are to be predicted. Default 0.15. */
  readonly rate?: number;
  /** The share of rows that are cut to a random length from 2 to t − 1, so that the model meets padding. Default 0. */
  readonly shortShare?: number;
  /** What the ids are, for the error. Default "the text". */
  readonly what?: string;
}

/**
 * Batches for a model that predicts masked tokens. In each row, `rate` of the tokens that may be masked (rounded, at least one)
 * are chosen; of these, 80 % become the mask, 10 % a random token and 10 % stay as they are. Their targets are what they were; all
 * other targets are −100. Behind a shortened row stands id 0, and `lengths` says where the text ends; without
 * `shortShare` there are no `lengths`. A pure function of the step.
 *
 * Throws `ConfigError` for a text shorter than one window, an id outside of the vocabulary, a vocabulary of which nothing may be
 * masked, a share that is none, and short rows of a context below 3.
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers for language understanding", section 3.1.
 *
 * @example
 * ```ts
 * const ids = Array.from({ length: 1000 }, (_, i) => i % 50);
 * const batches = maskedBatches({ ids, context: 20, batch: 4, random: random(1), vocabulary: 51, mask: 50 });
 * // 15 % of 20, in each of 4 rows:
 * console.log(batches(0).targets.filter((id) => id !== -100).length); // 12
 * ```
 */
export function maskedBatches(options: MaskedBatchesOptions): (step: number) => Batch {
  const { context, batch, random, vocabulary, mask, rate = 0.15, shortShare = 0 } = options;
  expectSize("maskedBatches", "vocabulary", vocabulary);
  const ids = expectIds("maskedBatches", options.ids, vocabulary);
  expectWindow("maskedBatches", options, ids.length, 0);
  expectShare("rate", rate, rate > 0);
  expectShare("shortShare", shortShare, shortShare >= 0);
  if (shortShare > 0 && context < 3) {
    throw new ConfigError(
      `maskedBatches: a window of ${context} has no shorter length from 2 up. Use a context of at least 3, or a shortShare of 0.`,
      { context, shortShare },
    );
  }
  const words = maskableIds(options);
  const isWord = new Set(words);

  /** What stands in the place of a chosen token. */
  const disguise = (id: number, stream: Random): number => {
    const chance = stream.uniform();
    if (chance < 0.8) return mask;
    return chance < 0.9 ? stream.pick(words) : id;
  };

  return (step) => {
    const stream = random.fork(step);
    const inputs = new Int32Array(batch * context);
    const targets = new Int32Array(batch * context).fill(ignored);
    const lengths = new Int32Array(batch).fill(context);
    for (let row = 0; row < batch; row++) {
      const start = stream.integer(ids.length - context + 1);
      if (shortShare > 0 && stream.uniform() < shortShare) lengths[row] = 2 + stream.integer(context - 2);
      const text = ids.subarray(start, start + lengths[row]!);
      const at = row * context;
      inputs.set(text, at);
      for (const place of choose(text, isWord, rate, stream)) {
        targets[at + place] = text[place]!;
        inputs[at + place] = disguise(text[place]!, stream);
      }
    }
    return { inputs, targets, shape: [batch, context], ...(shortShare > 0 && { lengths }) };
  };
}

/** The places to predict: `rate` of those that may be masked, at least one if there is any. */
function choose(text: Int32Array, isWord: ReadonlySet<number>, rate: number, stream: Random): number[] {
  const places: number[] = [];
  text.forEach((id, place) => isWord.has(id) && places.push(place));
  const count = Math.min(places.length, Math.max(1, Math.round(rate * places.length)));
  // The first `count` swaps of a Fisher–Yates shuffle.
  for (let i = 0; i < count; i++) {
    const j = i + stream.integer(places.length - i);
    [places[i], places[j]] = [places[j]!, places[i]!];
  }
  return places.slice(0, count);
}

function maskableIds({ vocabulary, mask, maskable = () => true }: MaskedBatchesOptions): number[] {
  if (!Number.isInteger(mask) || mask < 0 || mask >= vocabulary) {
    throw new ConfigError(
      `maskedBatches: mask must be an id of the vocabulary, a whole number from 0 to ${vocabulary - 1}, got ${mask}`,
      { mask, vocabulary },
    );
  }
  const words: number[] = [];
  for (let id = 0; id < vocabulary; id++) if (id !== mask && maskable(id)) words.push(id);
  if (words.length === 0) {
    throw new ConfigError(`maskedBatches: none of the ${vocabulary} ids may be masked; let \`maskable\` accept some`, {
      vocabulary,
    });
  }
  return words;
}

function expectShare(option: string, value: number, inside: boolean): void {
  if (inside && value <= 1) return;
  throw new ConfigError(
    `maskedBatches: ${option} must be ${option === "rate" ? "above 0" : "at least 0"} and at most 1, got ${value}`,
    { option, value },
  );
}
