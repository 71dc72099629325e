import { fixed } from "./fixed.ts";

/** The parts of a {@link BleuScore}. */
export interface BleuParts {
  /** From 0 to 100. */
  readonly score: number;
  /** For the orders 1 to 4: n-grams that a reference has too. Of `add-k`, with what is added. */
  readonly counts: readonly number[];
  /** For the orders 1 to 4: n-grams of the hypotheses. */
  readonly totals: readonly number[];
  /** For the orders 1 to 4: counts / totals in percent, smoothed. */
  readonly precisions: readonly number[];
  readonly brevityPenalty: number;
  /** Words of all hypotheses. */
  readonly hypothesisLength: number;
  /** Words of the references that are closest in length to their hypotheses. */
  readonly referenceLength: number;
  /** How the score was made, in sacreBLEU's form. */
  readonly signature: string;
}

/**
 * A BLEU score with all that it is made of. As text it reads as sacreBLEU prints it.
 *
 * @example
 * ```ts
 * const score: BleuScore = bleu(["the cat sat on the mat"], ["the cat is on the mat"]);
 * console.log(`${score}`);
 * // BLEU = 37.99 83.3/60.0/25.0/16.7 (BP = 1.000 ratio = 1.000 hyp_len = 6 ref_len = 6)
 * console.log(score.signature);
 * // nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:tenon-0.1.0
 * ```
 */
export class BleuScore implements BleuParts {
  readonly score: number;
  readonly counts: readonly number[];
  readonly totals: readonly number[];
  readonly precisions: readonly number[];
  readonly brevityPenalty: number;
  readonly hypothesisLength: number;
  readonly referenceLength: number;
  readonly signature: string;

  constructor(parts: BleuParts) {
    this.score = parts.score;
    this.counts = parts.counts;
    this.totals = parts.totals;
    this.precisions = parts.precisions;
    this.brevityPenalty = parts.brevityPenalty;
    this.hypothesisLength = parts.hypothesisLength;
    this.referenceLength = parts.referenceLength;
    this.signature = parts.signature;
  }

  toString(): string {
    const { hypothesisLength, referenceLength } = this;
    const precisions = this.precisions.map((each) => fixed(each, 1)).join("/");
    const ratio = referenceLength === 0 ? 0 : hypothesisLength / referenceLength;
    return `BLEU = ${fixed(this.score, 2)} ${precisions} (BP = ${fixed(this.brevityPenalty, 3)} ratio = ${fixed(ratio, 3)} hyp_len = ${hypothesisLength} ref_len = ${referenceLength})`;
  }
}
