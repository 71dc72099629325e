/** How the next token is chosen among those that the distribution leaves. */
export const strategies = ["sample", "gumbel-max", "greedy", "beam-search"] as const;
export type StrategyName = (typeof strategies)[number];

/** How tokens are chosen, as the page's controls say it. A value that changes nothing is not applied. */
export interface SamplingSettings {
  readonly strategy: StrategyName;
  /** Divides the logits; 1 changes nothing. */
  readonly temperature: number;
  /** How many tokens stay; 0 for all. */
  readonly topK: number;
  /** The share that the tokens that stay have together; 1 for all. */
  readonly topP: number;
  /** The least probability, as a share of the most probable token's; 0 for none. */
  readonly minP: number;
  /** The share of the most typical tokens that stay; 1 for all. */
  readonly typical: number;
  /** Makes tokens that were there less probable; 1 changes nothing. */
  readonly repetitionPenalty: number;
  readonly seed: number;
  /** How many continuations a beam search follows. */
  readonly beams: number;
}

export const usualSettings: SamplingSettings = {
  strategy: "sample",
  temperature: 0.8,
  topK: 0,
  topP: 1,
  minP: 0,
  typical: 1,
  repetitionPenalty: 1,
  seed: 1,
  beams: 4,
};

/** The most continuations that the page lets a search follow. */
export const mostBeams = 16;

/** Does chance play a part, so that temperature, truncations and the seed say something? */
export const draws = ({ strategy }: SamplingSettings): boolean => strategy === "sample" || strategy === "gumbel-max";
