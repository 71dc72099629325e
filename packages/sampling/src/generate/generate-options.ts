import type { Constraint } from "../constraints/constraint.ts";
import type { LogitsTransform } from "../transforms/logits-transform.ts";
import type { Strategy } from "../strategies/strategy.ts";
import type { Search } from "./search.ts";
import type { TokenDecoder } from "./token-decoder.ts";

/**
 * How `generate` goes about it. An option that is undefined counts as absent; one that does not exist is refused.
 *
 * @example
 * ```ts
 * const options: GenerateOptions = {
 *   transforms: [temperature(0.8), topK(40), topP(0.95)],
 *   strategy: sample(random(7)),
 *   maxTokens: 100,
 *   stop: [0, "\n\n"],
 *   decoder: { push: (id) => String.fromCharCode(id), end: () => "" },
 *   signal: AbortSignal.timeout(10_000),
 * };
 * console.log(options.transforms?.map(({ name }) => name)); // [ 'temperature(0.8)', 'topK(40)', 'topP(0.95)' ]
 * ```
 */
export interface GenerateOptions {
  /** Applied to the logits from left to right, before the strategy chooses. None by default. */
  readonly transforms?: readonly LogitsTransform[] | undefined;
  /** How the next token is chosen; `greedy()` by default. */
  readonly strategy?: Strategy | undefined;
  /** How tokens are found: `contrastive`, `speculative` … By default the model is asked for one after the other. */
  readonly search?: Search | undefined;
  /**
   * What the generated ids must form. Stop tokens may come where it is complete, and nowhere else; when nothing can follow, the generation ends. It is
   * always completed within `maxTokens` and the context; only a signal, `maxSeconds`, or leaving the loop can cut it off. It goes before the transforms.
   * In a large vocabulary with every byte, a budget between the fewest tokens and the fewest bytes of the text may be refused as too small, as the search
   * for the fewest tokens is a bounded one; a budget of as many tokens as the text has bytes always suffices.
   */
  readonly constraint?: Constraint<any> | undefined; // oxlint-disable-line no-explicit-any -- its states are its own business
  /** The most seconds from the first `next` on; the token that is under way is still delivered. At least one comes. */
  readonly maxSeconds?: number | undefined;
  /** The most tokens to generate, at least 1. By default generation goes on until something else ends it. */
  readonly maxTokens?: number | undefined;
  /**
   * What ends the generation: token ids and strings. A stop token is yielded, without text. A stop string is found
   * wherever its tokens begin and end, and neither it nor the start of it is ever yielded as text; it is looked for in
   * the generated text only, and needs a decoder.
   */
  readonly stop?: readonly (number | string)[] | undefined;
  /** Gives the tokens their text: a fresh one, such as `tokenizer.decoder()`, for this generation alone. */
  readonly decoder?: TokenDecoder | undefined;
  /**
   * Ends the generation from outside of the loop: the next token is not delivered, and `signal.reason` is thrown
   * instead.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * How many of the most probable tokens to report at each step, from 0 (the default) to the size of the vocabulary.
   */
  readonly alternatives?: number | undefined;
  /** Whether each token brings the model's own logits [v]; false by default. */
  readonly logits?: boolean | undefined;
  /** Whether each token brings its scores [v]: the logits after constraint and transforms; false by default. */
  readonly scores?: boolean | undefined;
}
