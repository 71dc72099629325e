import { expectPositive } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import { expectShare } from "../expect-options.ts";
import type { TranslationBatch } from "./batch.ts";
import { expectId, expectIds } from "./expect-ids.ts";
import { noiseCounts, noiseSpans, type Span } from "./noise-spans.ts";
import { translationBatchOf, type TranslationRow } from "./translation-rows.ts";
import { expectWindow, type WindowOptions } from "./windows.ts";

/** What {@link spanCorruptionBatches} cuts its windows from, and how it corrupts them. */
export interface SpanCorruptionBatchesOptions extends WindowOptions {
  /** The ids that stand for spans: the first for the first span of a row, and so on. T5's are the last of its vocabulary, the highest first. */
  readonly sentinels: readonly number[];
  /** The id that the decoder reads first; in T5 that of padding, 0. */
  readonly begin: number;
  /** The id that ends source and target; in T5 1. */
  readonly end: number;
  /** The share of the tokens that are to be predicted. Default 0.15. */
  readonly rate?: number | undefined;
  /** How many tokens a span has on average. Default 3. */
  readonly meanSpan?: number | undefined;
}

/**
 * Batches for an encoder–decoder that fills gaps: from windows of `context` tokens anywhere in the text, spans are taken out. The source is the window with a
 * sentinel in the place of each span, and end; the target says each sentinel and what was there, and end. "Thank you ⟨for inviting⟩ me to
 * your party ⟨last⟩ week" becomes "Thank you X me to your party Y week" and "X for inviting Y last".
 *
 * Of n tokens, round(rate · n) are noise, in round(noise / meanSpan) spans, halves to even and at least one of each; text and noise take
 * turns, text first, and every way to divide either is equally likely, as in T5's `random_spans_noise_mask`. So all rows have the same
 * lengths, and nothing is padding. A pure function of the step, for `translationLoss`.
 *
 * Throws `ConfigError` for a text shorter than a window, an id that is no whole number from 0 up, a sentinel that is in the text or comes
 * twice, fewer sentinels than spans, a window of fewer than 2, a rate that is not between 0 and 1, and a mean span that is not above 0.
 *
 * Raffel et al. 2020, "Exploring the limits of transfer learning with a unified text-to-text transformer", section 3.1.4.
 *
 * @example
 * ```ts
 * const ids = Array.from({ length: 12 }, (_, i) => 10 + i);
 * const options = { ids, context: 12, batch: 1, sentinels: [99, 98, 97], begin: 0, end: 1 };
 * const { source, inputs, targets } = spanCorruptionBatches({ ...options, rate: 0.4, random: random(4) })(0);
 * console.log(source.inputs.join(" ")); // 10 11 12 13 14 15 99 17 98 1
 * console.log(targets.join(" ")); // 99 16 98 18 19 20 21 1
 * console.log(inputs.join(" ")); // 0 99 16 98 18 19 20 21
 * ```
 */
export function spanCorruptionBatches(options: SpanCorruptionBatchesOptions): (step: number) => TranslationBatch {
  const { context, batch, random, rate = 0.15, meanSpan = 3 } = options;
  const ids = expectIds(caller, options.ids);
  expectWindow(caller, options, ids.length, 0);
  expectNoise(context, rate, meanSpan);
  const counts = noiseCounts(context, rate, meanSpan);
  expectSentinels(options, ids, counts.spans);
  return (step) => {
    const stream = random.fork(step);
    return translationBatchOf(
      Array.from({ length: batch }, () => {
        const start = stream.integer(ids.length - context + 1);
        return corrupted(ids.subarray(start, start + context), noiseSpans(context, counts, stream), options);
      }),
    );
  };
}

const caller = "spanCorruptionBatches";

type Marks = Pick<SpanCorruptionBatchesOptions, "sentinels" | "begin" | "end">;

function corrupted(text: Int32Array, spans: readonly Span[], { sentinels, begin, end }: Marks): TranslationRow {
  const kept = spans.flatMap(({ first }, i) => [...text.subarray(spans[i - 1]?.end ?? 0, first), sentinels[i]!]);
  const gone = spans.flatMap(({ first, end }, i) => [sentinels[i]!, ...text.subarray(first, end)]);
  return {
    source: Int32Array.from([...kept, ...text.subarray(spans.at(-1)!.end), end]),
    inputs: Int32Array.from([begin, ...gone]),
    targets: Int32Array.from([...gone, end]),
  };
}

function expectNoise(context: number, rate: number, meanSpan: number): void {
  if (context < 2) {
    throw new ConfigError(`${caller}: a window of ${context} cannot be both text and noise; use a context from 2 up`, {
      context,
    });
  }
  expectShare(caller, "rate", rate, { above: true, below: true });
  expectPositive(caller, "meanSpan", meanSpan);
}

function expectSentinels({ sentinels, begin, end }: Marks, ids: Int32Array, spans: number): void {
  expectId(caller, "begin", begin);
  expectId(caller, "end", end);
  expectIds(`${caller}: sentinels`, sentinels);
  if (sentinels.length < spans) {
    throw new ConfigError(
      `${caller}: a window has ${spans} spans, and there are ${sentinels.length} sentinels; give more, or use a shorter context, a lower rate or longer spans`,
      { spans, sentinels: sentinels.length },
    );
  }
  const marks = new Set(sentinels);
  if (marks.size < sentinels.length) throw new ConfigError(`${caller}: two sentinels have the same id`);
  const at = ids.findIndex((id) => marks.has(id));
  if (at < 0) return;
  throw new ConfigError(
    `${caller}: the text has the id ${ids[at]} at place ${at}, which is a sentinel's; give sentinels that the tokenizer never says`,
    { id: ids[at]!, place: at },
  );
}
