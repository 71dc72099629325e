import { expectPositive, expectSize } from "@tenon/nn";

import { expectAtLeast } from "../expect-options.ts";
import { chrfCounts } from "./chrf-n-grams.ts";
import { ChrfScore } from "./chrf-score.ts";
import { countAll, countMatches, type Counts } from "./n-grams.ts";
import { referenceLists, type References } from "./references.ts";
import { signature } from "./signature.ts";

/** How {@link chrf} counts; the defaults are sacreBLEU's. */
export interface ChrfOptions {
  /** The longest character n-grams. Default 6. */
  readonly characterOrder?: number | undefined;
  /** The longest word n-grams. Default 0; 2 makes it chrF++. */
  readonly wordOrder?: number | undefined;
  /** Recall counts beta times as much as precision. Default 2. */
  readonly beta?: number | undefined;
  /** Compares lower-cased texts. Default false. */
  readonly lowercase?: boolean | undefined;
  /** Counts white space as characters. Default false. */
  readonly whitespace?: boolean | undefined;
  /** Averages over the orders that both sides are long enough for; else over all, as chrF++.py does. Default true. */
  readonly effectiveOrder?: boolean | undefined;
}

/** The n-grams of one order: of the hypotheses, of the references, of both. */
interface Matches {
  readonly hypothesis: number;
  readonly reference: number;
  readonly both: number;
}

/**
 * chrF of a corpus, from 0 to 100, as sacreBLEU 2.6.0 gives it with the same settings: the F-score of character n-grams,
 *
 *     chrF = (1 + β²) · P · R / (β² · P + R)
 *
 * P and R are the means over n of the n-gram precision and recall of the corpus. Of several references, each hypothesis is compared to
 * the one that gives it the highest score. With `wordOrder: 2` word n-grams count as well, and it is chrF++. There is one entry of
 * references for each hypothesis: a text or a list of texts.
 *
 * Throws `ConfigError` when there are no hypotheses, not as many references, or an option cannot be honoured.
 *
 * Popović 2015, "chrF: character n-gram F-score for automatic MT evaluation"; Popović 2017, "chrF++: words helping character n-grams".
 *
 * @example
 * ```ts
 * const hypotheses = ["Ein Hund rennt über die Wiese.", "Zwei Männer reden."];
 * const references = ["Ein Hund läuft über die Wiese.", "Zwei Männer sprechen."];
 * console.log(`${chrf(hypotheses, references)}`); // chrF2 = 64.04
 * console.log(`${chrf(hypotheses, references, { wordOrder: 2 })}`); // chrF2++ = 65.21
 * ```
 */
export function chrf(hypotheses: readonly string[], references: References, options: ChrfOptions = {}): ChrfScore {
  return scoreOf("chrf", hypotheses, references, options);
}

/**
 * chrF of one sentence against one reference or several. Throws `ConfigError` without a reference and for an option that cannot be
 * honoured.
 *
 * @example
 * ```ts
 * console.log(sentenceChrf("zwei Männer reden", ["zwei Männer sprechen", "zwei Herren reden"]).score.toFixed(2)); // 55.54
 * ```
 */
export function sentenceChrf(
  hypothesis: string,
  references: string | readonly string[],
  options: ChrfOptions = {},
): ChrfScore {
  return scoreOf("sentenceChrf", [hypothesis], [references], options);
}

function scoreOf(
  caller: string,
  hypotheses: readonly string[],
  references: References,
  options: ChrfOptions,
): ChrfScore {
  const { characterOrder = 6, wordOrder = 0, beta = 2, lowercase = false } = options;
  const { whitespace = false, effectiveOrder = true } = options;
  expectSize(caller, "characterOrder", characterOrder);
  expectAtLeast(caller, "wordOrder", wordOrder, 0);
  expectPositive(caller, "beta", beta);
  const lists = referenceLists(caller, hypotheses, references);
  const count = (text: string): Counts[] =>
    chrfCounts(lowercase ? text.toLowerCase() : text, { characterOrder, wordOrder, whitespace });
  const score = effectiveOrder ? meanThenF : fThenMean;

  const sentences = lists.map((list, i) => {
    const hypothesis = count(hypotheses[i]!);
    const candidates = list.map((reference) => match(hypothesis, count(reference)));
    return candidates.reduce((best, each) => (score(each, beta) > score(best, beta) ? each : best));
  });
  return new ChrfScore({
    name: `chrF${beta}${"+".repeat(wordOrder)}`,
    score: score(sentences.reduce(add), beta),
    signature: signature(lists, {
      case: lowercase ? "lc" : "mixed",
      eff: effectiveOrder ? "yes" : "no",
      nc: `${characterOrder}`,
      nw: `${wordOrder}`,
      space: whitespace ? "yes" : "no",
    }),
  });
}

function match(hypothesis: readonly Counts[], reference: readonly Counts[]): Matches[] {
  return hypothesis.map((counts, i) => ({
    // Nothing can be found, so nothing counts as missed, where the reference is too short for an n-gram.
    hypothesis: reference[i]!.size === 0 ? 0 : countAll(counts),
    reference: countAll(reference[i]!),
    both: countMatches(counts, reference[i]!),
  }));
}

const add = (one: Matches[], other: Matches[]): Matches[] =>
  one.map(({ hypothesis, reference, both }, i) => ({
    hypothesis: hypothesis + other[i]!.hypothesis,
    reference: reference + other[i]!.reference,
    both: both + other[i]!.both,
  }));

/** The F-score of the mean precision and recall, over the orders that both sides have n-grams of. */
function meanThenF(orders: readonly Matches[], beta: number): number {
  const effective = orders.filter(({ hypothesis, reference }) => hypothesis > 0 && reference > 0);
  if (effective.length === 0) return 0;
  const precision = effective.reduce((sum, each) => sum + each.both / each.hypothesis, 0) / effective.length;
  const recall = effective.reduce((sum, each) => sum + each.both / each.reference, 0) / effective.length;
  return precision + recall === 0 ? 0 : 100 * fScore(precision, recall, beta);
}

/** The mean of the F-scores of all orders, with 1e-16 for what is undefined. */
function fThenMean(orders: readonly Matches[], beta: number): number {
  const epsilon = 1e-16;
  const scores = orders.map(({ hypothesis, reference, both }) => {
    const precision = hypothesis > 0 ? both / hypothesis : epsilon;
    const recall = reference > 0 ? both / reference : epsilon;
    return beta ** 2 * precision + recall > 0 ? fScore(precision, recall, beta) : epsilon;
  });
  return (100 * scores.reduce((sum, each) => sum + each, 0)) / orders.length;
}

const fScore = (precision: number, recall: number, beta: number): number =>
  ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall);
