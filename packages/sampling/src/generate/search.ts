import type { Predictor } from "../predict/predictor.ts";
import type { Strategy } from "../strategies/strategy.ts";
import type { LogitsTransform } from "../transforms/logits-transform.ts";

/** What a search works with. */
export interface Decoding {
  readonly predictor: Predictor;
  readonly prompt: readonly number[];
  /** All transforms of this generation, its constraint first. */
  readonly transform: LogitsTransform;
  /** Undefined where the caller named none; one that decides by itself refuses any other. */
  readonly strategy: Strategy | undefined;
  /** The most tokens that will be taken. */
  readonly maxTokens: number;
  /**
   * Whether the text is over with these generated ids: at a stop token, or with its constraint complete. Each of them must have been open to choice when it
   * came. Nothing can be asked of `transform` beyond such an end, so whoever looks ahead stops there.
   */
  ended(generated: readonly number[]): boolean;
  /** Notes ids that were proposed, and how many of them were right, for the statistics. */
  drafted(proposed: number, accepted: number): void;
}

/** One token that a search decided on. */
export interface Step {
  readonly id: number;
  /** The model's own logits [v] at this place, before any transform. */
  readonly logits: Float32Array;
  /** The logits [v] after the transforms: what was chosen from. */
  readonly scores: Float32Array;
  /** How many of the ids the model read for this step. */
  readonly read: number;
}

/** What a search is to honour besides itself. */
export interface SearchRequest {
  readonly strategy: Strategy | undefined;
  readonly transforms: readonly LogitsTransform[];
  /** v of the model. */
  readonly vocabulary: number;
}

/**
 * A way of finding tokens that asks the model itself, such as `contrastive` or `speculative`; without one, `generate` asks for one token after the
 * other. It goes on until whoever takes its tokens stops.
 */
export interface Search {
  /** How error messages call it. */
  readonly name: string;
  /** Throws `ConfigError` for what it would have to pass over. `generate` asks at once, before anything is computed. */
  check?(request: SearchRequest): void;
  /** The tokens after the prompt, one by one. */
  steps(decoding: Decoding): AsyncGenerator<Step, void, void>;
}
