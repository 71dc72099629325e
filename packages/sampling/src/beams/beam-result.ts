import type { StopReason } from "../generate/statistics.ts";

/**
 * A continuation that a beam search kept.
 *
 * @example
 * ```ts
 * const model = functionModel(() => [0, 1], { vocabulary: 2 });
 * const { hypotheses } = await beamSearch(model, [0], { beams: 2, maxTokens: 3, decoder: () => ({ push: (id) => "ab"[id]!, end: () => "" }) });
 * const best: BeamHypothesis = hypotheses[0]!;
 * console.log(best.text, best.stopReason, best.logProbability.toFixed(4)); // bbb length -0.9398
 * ```
 */
export interface BeamHypothesis {
  /** What was generated; a stop token is the last of them. */
  readonly ids: readonly number[];
  /** Their text, without that of a stop token; empty without a decoder. */
  readonly text: string;
  /** What the hypotheses are sorted by: the `BeamScore` of the search, of the scores after the transforms. */
  readonly score: number;
  /** log P of the ids after the prompt, under the model's own distribution, whatever the transforms. */
  readonly logProbability: number;
  /** That of each id; they add up to `logProbability`. */
  readonly logProbabilities: readonly number[];
  /** Why it ends where it does. */
  readonly stopReason: Exclude<StopReason, "text" | "aborted">;
}

/** What a beam search has cost. */
export interface BeamStatistics {
  readonly promptTokens: number;
  /** How many of them the model remembered from before, so that it did not read them again. */
  readonly reusedTokens: number;
  /** How often the model was asked: once for all beams that were alive, for each length. */
  readonly steps: number;
  /** How many ids it read in all, the prompt's among them. */
  readonly readTokens: number;
  readonly seconds: number;
}

/** The hypotheses, best first, and what they have cost. */
export interface BeamResult {
  readonly hypotheses: readonly BeamHypothesis[];
  readonly statistics: BeamStatistics;
}
