import { ConfigError } from "@tenon/tensor";
import { checkOptions } from "../generate/checks.ts";

/**
 * What minimum Bayes risk decides by.
 *
 * @example
 * ```ts
 * const options: BayesRiskOptions<number> = { utility: (a, b) => -((a - b) ** 2) }; // the nearest to the mean
 * console.log(minimumBayesRisk([0, 3, 10], options)[0]!.candidate); // 3
 * ```
 */
export interface BayesRiskOptions<T> {
  /** How good it is to answer `candidate` when `reference` would have been right: higher is better. It need not be symmetric. */
  readonly utility: (candidate: T, reference: T) => number;
  /** How probable each candidate is as the right one, up to a factor. Alike by default, as samples of a model are: the frequent ones are there more often. */
  readonly weights?: readonly number[] | undefined;
}

/**
 * A candidate with its expected utility.
 *
 * @example
 * ```ts
 * const rated: readonly RatedCandidate<string>[] = minimumBayesRisk(["a", "b", "a", "a"], { utility: ngramOverlap(1) });
 * console.log(rated.map(({ candidate, expectedUtility }) => `${candidate} ${expectedUtility}`)); // [ 'a 0.75', 'a 0.75', 'a 0.75', 'b 0.25' ]
 * ```
 */
export interface RatedCandidate<T> {
  readonly candidate: T;
  /** Σⱼ wⱼ u(candidate, cⱼ), with Σ w = 1. */
  readonly expectedUtility: number;
}

/**
 * Minimum Bayes risk: of several candidates that which is the most useful on average, were each of them the right one with its weight,
 * Uᵢ = Σⱼ wⱼ u(cᵢ, cⱼ) with Σ w = 1; the highest first, of equal ones the one that came first. It prefers what many candidates resemble to what is
 * the most probable by itself. n candidates take n² calls of the utility.
 *
 * Throws `ConfigError` without candidates, for a utility that is not a finite number, and for weights that are not one for each candidate, finite, at least 0, and
 * not all 0.
 *
 * Kumar & Byrne 2004, "Minimum Bayes-risk decoding for statistical machine translation"; Eikema & Aziz 2020, "Is MAP decoding all you need?",
 * for samples as candidates.
 *
 * @example
 * ```ts
 * const samples = ["the cat sat", "a dog ran", "the cat ran"];
 * const [best] = minimumBayesRisk(samples, { utility: ngramOverlap(1) });
 * console.log(best!.candidate); // the cat ran
 * ```
 */
export function minimumBayesRisk<T>(
  candidates: readonly T[],
  options: BayesRiskOptions<T>,
): readonly RatedCandidate<T>[] {
  checkOptions("minimumBayesRisk()", options, { utility: 0, weights: 0 });
  const { utility, weights = candidates.map(() => 1) } = options;
  if (candidates.length === 0)
    throw new ConfigError("minimumBayesRisk() chooses from at least one candidate, got none");
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (
    weights.length !== candidates.length ||
    !weights.every((weight) => weight >= 0) ||
    !(total > 0 && total < Infinity)
  ) {
    throw new ConfigError(
      `weights are ${candidates.length} finite numbers, one for each candidate, of at least 0 and not all 0; got [${weights.join(", ")}]`,
      { weights, candidates: candidates.length },
    );
  }
  const useful = (i: number, j: number): number => {
    const value = utility(candidates[i]!, candidates[j]!);
    if (Number.isFinite(value)) return value;
    throw new ConfigError(
      `The utility of candidate ${i} with candidate ${j} as the right one is ${value}; it is a finite number`,
      { candidate: i, reference: j, utility: value },
    );
  };
  return candidates
    .map((candidate, i) => ({
      candidate,
      expectedUtility: weights.reduce((sum, weight, j) => sum + (weight / total) * useful(i, j), 0),
    }))
    .sort((a, b) => b.expectedUtility - a.expectedUtility);
}
