import { BleuScore } from "./bleu-score.ts";
import { type BleuSmoothing, bleuSmoothing, type Smoothing } from "./bleu-smoothing.ts";
import { type BleuTokenizer, bleuTokenizer } from "./bleu-tokenizers.ts";
import { countAll, countMatches, type Counts, countNGrams } from "./n-grams.ts";
import { referenceLists, type References } from "./references.ts";
import { signature } from "./signature.ts";
import { trimEnd } from "./words.ts";

/** How {@link bleu} counts; the defaults are sacreBLEU's. */
export interface BleuOptions {
  /** Default `13a`. */
  readonly tokenizer?: BleuTokenizer | undefined;
  /** Default `exp`. */
  readonly smoothing?: BleuSmoothing | undefined;
  /** What `floor` (default 0.1) or `add-k` (default 1) counts; the others take none. */
  readonly smoothingValue?: number | undefined;
  /** Compares lower-cased texts. Default false. */
  readonly lowercase?: boolean | undefined;
  /** Averages over the orders that the hypotheses are long enough for. Default false for a corpus, true for a sentence. */
  readonly effectiveOrder?: boolean | undefined;
}

const maxOrder = 4;

/** What BLEU counts, summed over sentences. */
interface BleuCounts {
  readonly matches: number[];
  readonly totals: number[];
  hypothesisLength: number;
  referenceLength: number;
}

/**
 * BLEU of a corpus, from 0 to 100, as sacreBLEU 2.6.0 gives it with the same settings:
 *
 *     BLEU = BP · exp(mean over n = 1 … 4 of log pₙ),    BP = min(1, exp(1 − r / c))
 *
 * pₙ is the share of the hypotheses' n-grams that a reference has, in percent, each counted at most as often as in the reference that has
 * it most often. c is the length of the hypotheses, r that of the references closest to them in length. There is one entry of
 * references for each hypothesis: a text or a list of texts.
 *
 * Throws `ConfigError` when there are no hypotheses, not as many references, or an option cannot be honoured.
 *
 * Papineni et al. 2002, "BLEU: a method for automatic evaluation of machine translation"; Post 2018, "A call for clarity in
 * reporting BLEU scores".
 *
 * @example
 * ```ts
 * const hypotheses = ["A dog runs across the grass.", "Two men talk."];
 * const references = [["A dog is running across the grass.", "A dog runs over the grass."], ["Two men are talking."]];
 * console.log(`${bleu(hypotheses, references)}`);
 * // BLEU = 43.59 90.9/66.7/42.9/20.0 (BP = 0.913 ratio = 0.917 hyp_len = 11 ref_len = 12)
 * ```
 */
export function bleu(hypotheses: readonly string[], references: References, options: BleuOptions = {}): BleuScore {
  return scoreOf("bleu", hypotheses, references, options);
}

/**
 * BLEU of one sentence against one reference or several, as sacreBLEU's `sentence_bleu`: effective order is on, so that a sentence
 * of fewer than four words gets a score. BLEU is made for a corpus, and the mean of sentences is not that of their corpus.
 *
 * Throws `ConfigError` without a reference and for an option that cannot be honoured.
 *
 * @example
 * ```ts
 * console.log(sentenceBleu("two men talk", "two men speak").score.toFixed(2)); // 55.03
 * ```
 */
export function sentenceBleu(
  hypothesis: string,
  references: string | readonly string[],
  options: BleuOptions = {},
): BleuScore {
  const { effectiveOrder = true } = options;
  return scoreOf("sentenceBleu", [hypothesis], [references], { ...options, effectiveOrder });
}

function scoreOf(
  caller: string,
  hypotheses: readonly string[],
  references: References,
  { tokenizer = "13a", smoothing, smoothingValue, lowercase = false, effectiveOrder = false }: BleuOptions,
): BleuScore {
  const tokenize = bleuTokenizer(caller, tokenizer);
  const smooth = bleuSmoothing(caller, smoothing, smoothingValue);
  const lists = referenceLists(caller, hypotheses, references);
  const wordsOf = (text: string): string[] => tokenize(trimEnd(lowercase ? text.toLowerCase() : text));
  const sum: BleuCounts = { matches: [0, 0, 0, 0], totals: [0, 0, 0, 0], hypothesisLength: 0, referenceLength: 0 };
  for (const [i, list] of lists.entries()) addSentence(sum, wordsOf(hypotheses[i]!), list.map(wordsOf));
  return score(
    sum,
    smooth,
    effectiveOrder,
    signature(lists, {
      case: lowercase ? "lc" : "mixed",
      eff: effectiveOrder ? "yes" : "no",
      tok: tokenizer,
      smooth: smooth.name,
    }),
  );
}

function addSentence(sum: BleuCounts, hypothesis: readonly string[], references: readonly (readonly string[])[]): void {
  sum.hypothesisLength += hypothesis.length;
  sum.referenceLength += closestLength(hypothesis.length, references);
  for (let n = 1; n <= maxOrder; n++) {
    const counts = countNGrams(hypothesis, n, " ");
    sum.totals[n - 1]! += countAll(counts);
    sum.matches[n - 1]! += countMatches(counts, most(references.map((each) => countNGrams(each, n, " "))));
  }
}

/** Each n-gram as often as in the one that has it most often. */
function most(all: readonly Counts[]): Counts {
  const [first, ...others] = all;
  for (const other of others) {
    for (const [nGram, count] of other) first!.set(nGram, Math.max(count, first!.get(nGram) ?? 0));
  }
  return first!;
}

/** Of two that are as close, the shorter one. */
function closestLength(length: number, references: readonly (readonly string[])[]): number {
  const distance = (other: number): number => Math.abs(other - length);
  return references
    .map((each) => each.length)
    .reduce((best, each) => {
      const difference = distance(each) - distance(best);
      return difference < 0 || (difference === 0 && each < best) ? each : best;
    });
}

function score(sum: BleuCounts, smoothing: Smoothing, effectiveOrder: boolean, signed: string): BleuScore {
  const { hypothesisLength: c, referenceLength: r } = sum;
  const brevityPenalty = c >= r ? 1 : c === 0 ? 0 : Math.exp(1 - r / c);
  const counted = { hypothesisLength: c, referenceLength: r, brevityPenalty, signature: signed };
  if (sum.matches.every((count) => count === 0)) {
    return new BleuScore({ ...counted, counts: sum.matches, totals: sum.totals, precisions: [0, 0, 0, 0], score: 0 });
  }
  const { counts, totals, precisions, order } = precisionsOf(sum, smoothing);
  const orders = effectiveOrder ? order : maxOrder;
  const logs = precisions.slice(0, orders).reduce((total, each) => total + flooredLog(each), 0);
  return new BleuScore({ ...counted, counts, totals, precisions, score: brevityPenalty * Math.exp(logs / orders) });
}

/** The precisions up to the highest order that there is an n-gram of, in percent. */
function precisionsOf({ matches, totals }: BleuCounts, { method, value }: Smoothing) {
  const counts = [...matches];
  const all = [...totals];
  const precisions = [0, 0, 0, 0];
  let order = 0;
  let halved = 1;
  for (let n = 0; n < maxOrder; n++) {
    if (method === "add-k" && n > 0) {
      counts[n]! += value;
      all[n]! += value;
    }
    if (all[n] === 0) break;
    order = n + 1;
    if (counts[n] !== 0) precisions[n] = (100 * counts[n]!) / all[n]!;
    else if (method === "exp") precisions[n] = 100 / ((halved *= 2) * all[n]!);
    else if (method === "floor") precisions[n] = (100 * value) / all[n]!;
  }
  return { counts, totals: all, precisions, order };
}

/** sacreBLEU's logarithm of 0 is so low that the score is 0. */
const flooredLog = (x: number): number => (x === 0 ? -9999999999 : Math.log(x));
