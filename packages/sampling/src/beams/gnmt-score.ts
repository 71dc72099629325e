import { ConfigError } from "@tenon/tensor";
import { checkOptions } from "../generate/checks.ts";
import type { BeamScore } from "./beam-score.ts";

/** How much length and coverage count; both 0 by default, which leaves the sum of the log-probabilities. */
export interface GnmtScoreOptions {
  /** α of the length normalisation; 0.2 is the paper's choice. */
  readonly alpha?: number | undefined;
  /** β of the coverage penalty, at least 0; 0.2 is the paper's choice. Above 0, the model must tell where it looks in its source. */
  readonly beta?: number | undefined;
}

/** The smallest normal number of single precision: a weight below it has been rounded away. */
const leastWeight = 2 ** -126;

/**
 * The score of Google's translation system: length normalisation and a coverage penalty for what was left untranslated.
 *
 *     s(Y, X) = log P(Y | X) / lp(Y) + cp(X, Y)
 *     lp(Y)   = ((5 + |Y|) / 6)^α
 *     cp(X, Y) = β Σᵢ log min(Σⱼ pᵢⱼ, 1)
 *
 * where pᵢⱼ is the weight with which token j of the hypothesis looked at position i of the source. A position that nothing looked at counts as one with the
 * least weight there is, so that hypotheses with such gaps can still be compared.
 *
 * Throws `ConfigError` for an α that is not finite or a β that is not a finite number of at least 0; and searching does, when β > 0 and the model has no
 * attention to a source.
 *
 * Wu et al. 2016, "Google's neural machine translation system: bridging the gap between human and machine translation".
 *
 * @example
 * ```ts
 * const score = gnmtScore({ alpha: 1, beta: 0.5 });
 * console.log(score.score(-4, 7)); // -2
 * console.log(score.score(-4, 7, Float64Array.of(1.5, Math.exp(-1)))); // -2.5
 * ```
 */
export function gnmtScore(options: GnmtScoreOptions): BeamScore {
  checkOptions("gnmtScore()", options, { alpha: 0, beta: 0 });
  const { alpha = 0, beta = 0 } = options;
  if (!Number.isFinite(alpha)) throw new ConfigError(`gnmtScore()'s alpha is a finite number, got ${alpha}`, { alpha });
  if (!Number.isFinite(beta) || beta < 0)
    throw new ConfigError(`gnmtScore()'s beta is a finite number of at least 0, got ${beta}`, { beta });
  return {
    name: `gnmtScore(alpha ${alpha}, beta ${beta})`,
    coverage: beta > 0,
    score(sum, length, coverage = new Float64Array()) {
      let penalty = 0;
      for (const weight of coverage) penalty += Math.log(Math.min(Math.max(weight, leastWeight), 1));
      return sum / ((5 + length) / 6) ** alpha + beta * penalty;
    },
  };
}
