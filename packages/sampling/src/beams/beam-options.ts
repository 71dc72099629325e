import type { Constraint } from "../constraints/constraint.ts";
import type { TokenDecoder } from "../generate/token-decoder.ts";
import type { LogitsTransform } from "../transforms/logits-transform.ts";
import type { BeamScore } from "./beam-score.ts";

/**
 * When a beam search, or a group of it, has seen enough. It never is done before as many hypotheses have ended as it has beams.
 *
 * | `stopWhen`   | done when                                                                          | Hugging Face's `early_stopping` |
 * | ------------ | ---------------------------------------------------------------------------------- | ------------------------------- |
 * | `"enough"`   | so many have ended                                                                 | `True`                          |
 * | `"unlikely"` | … and the best of the present step, if it ended here, would not beat the worst of them | `False`                         |
 * | `"hopeless"` | … and it would not with the most favourable length either                          | `"never"`                       |
 *
 * The rules are those of transformers 4; version 5 compares with the best of the beams that go on, and may search a step longer or less.
 */
export type StopWhen = "enough" | "unlikely" | "hopeless";

/**
 * How `beamSearch` goes about it. An option that is undefined counts as absent; one that does not exist is refused, and so is one that only makes sense
 * where tokens are drawn.
 *
 * @example
 * ```ts
 * const options: BeamOptions = {
 *   beams: 6,
 *   groups: 3,
 *   diversityPenalty: 0.5,
 *   results: 2,
 *   maxTokens: 4,
 *   score: lengthNormalised(0.6),
 *   stopWhen: "hopeless",
 * };
 * const model = functionModel((ids) => [ids.length % 2, 0.5, 0.2], { vocabulary: 3 });
 * const { hypotheses } = await beamSearch(model, [0], options);
 * console.log(hypotheses.map(({ ids }) => ids)); // [ [ 0, 1, 0, 1 ], [ 0, 1, 0, 2 ] ]
 * ```
 */
export interface BeamOptions {
  /** How many continuations are followed at a time, at least 1. */
  readonly beams: number;
  /** How many hypotheses to return at most, from 1 to `beams`, which is the default. */
  readonly results?: number | undefined;
  /** The most tokens of a hypothesis, at least 1. By default as many as the model's context has room for; one without a limit needs it. */
  readonly maxTokens?: number | undefined;
  /** Ids that end a hypothesis. Strings are refused: they may end within a token, and beams are compared token by token. */
  readonly stop?: readonly number[] | undefined;
  /**
   * Applied from left to right to the log-probabilities [v] that follow a beam, and only then added to what the beam has: log-softmax first, as Hugging
   * Face does. A repetition penalty sees negative numbers only. Those that only shape what is drawn are refused.
   */
  readonly transforms?: readonly LogitsTransform[] | undefined;
  /**
   * What the generated ids must form. A hypothesis that is complete and that nothing can follow has ended; stop tokens may come where it is complete, and
   * nowhere else. It goes before the transforms.
   */
  readonly constraint?: Constraint<any> | undefined; // oxlint-disable-line no-explicit-any -- its states are its own business
  /** How hypotheses of different lengths are compared; `lengthNormalised(1)` by default. */
  readonly score?: BeamScore | undefined;
  /** When the search has seen enough; `"unlikely"` by default. */
  readonly stopWhen?: StopWhen | undefined;
  /**
   * Into how many groups of equal size the beams are divided, 1 by default. Each group is a search of its own, which avoids what the groups before it have
   * chosen in the same step. More than one needs a `diversityPenalty`.
   */
  readonly groups?: number | undefined;
  /** What the score of an id loses for each beam of the earlier groups that has just chosen it; above 0. */
  readonly diversityPenalty?: number | undefined;
  /** Makes a fresh decoder for each hypothesis, such as `() => tokenizer.decoder()`. */
  readonly decoder?: (() => TokenDecoder) | undefined;
  /** Ends the search from outside: the promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** The most seconds: the step that is under way is finished, and what the beams have by then is returned. There is at least one step. */
  readonly maxSeconds?: number | undefined;
}
