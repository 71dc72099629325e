import type { SamplingSettings } from "./sampling-settings.ts";

/** Where a text goes on from. */
export type Beginning =
  /** A text to continue or, for an encoder–decoder, to read; empty for a beginning of the model's own. */
  | { readonly kind: "text"; readonly text: string }
  /** What somebody says to a model of conversations, which answers by its chat template. */
  | { readonly kind: "chat"; readonly text: string }
  /** What was generated before, up to a token of the visitor's choice: the ids of `prepared.ids` with those that came since. */
  | { readonly kind: "ids"; readonly ids: readonly number[] };

export interface GenerationRequest {
  readonly from: Beginning;
  readonly settings: SamplingSettings;
  readonly maxTokens: number;
}

/** One token of a text, with what else there might have been. */
export interface ShownToken {
  readonly id: number;
  /** The text that became certain with it; it may be empty, or hold text of tokens before. */
  readonly text: string;
  /** What the token is called. */
  readonly name: string;
  /** Its probability in the model's own distribution. */
  readonly probability: number;
  /** The most probable tokens of that distribution, the most probable first. */
  readonly alternatives: readonly AlternativeToken[];
}

export interface AlternativeToken {
  readonly id: number;
  /** What it would write here. */
  readonly text: string;
  readonly name: string;
  readonly probability: number;
}

/** What comes of a generation, as it comes. */
export type GenerationEvent =
  /** The ids that it goes on from. */
  | { readonly kind: "begun"; readonly ids: readonly number[]; readonly promptLength: number }
  | { readonly kind: "tokens"; readonly tokens: readonly ShownToken[] };

/** Why a generation ended, and what it took. */
export interface GenerationEnd {
  readonly reason: "token" | "length" | "context" | "stopped";
  readonly promptTokens: number;
  readonly tokens: number;
  readonly prefillSeconds: number;
  /** 0 where none was measured. */
  readonly prefillTokensPerSecond: number;
  readonly decodeTokensPerSecond: number;
  /** What else a beam search found, the best first, with the logarithm of its probability. */
  readonly hypotheses?: readonly { readonly text: string; readonly logProbability: number }[];
}

/** What a distribution is asked of: the next token after `ids`. */
export interface DistributionRequest {
  readonly ids: readonly number[];
  /** How many of them are the prompt's. */
  readonly promptLength: number;
  readonly settings: SamplingSettings;
}

/** The distribution of a next token, before and after each transform. */
export interface StepDistribution {
  /** The most probable tokens, by the model's own distribution. */
  readonly tokens: readonly { readonly id: number; readonly name: string }[];
  readonly stages: readonly DistributionStage[];
  /** What the strategy chooses here. */
  readonly chosen: { readonly id: number; readonly name: string };
}

export interface DistributionStage {
  /** "the model's own", "temperature(0.8)" … */
  readonly name: string;
  /** Of each of `tokens`; 0 for one that is excluded. */
  readonly probabilities: readonly number[];
  /** Whether each of `tokens` may still be chosen. */
  readonly open: readonly boolean[];
  /** How many tokens of the whole vocabulary may be chosen. */
  readonly kept: number;
  /** −Σ p log₂ p, in bits. */
  readonly entropy: number;
}
