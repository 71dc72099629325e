/**
 * Why a generation ended: it came to a stop token (`"token"`) or a stop string (`"text"`), completed its constraint
 * (`"constraint"`), had as many tokens as asked for (`"length"`), filled the model's context (`"context"`), used up its seconds (`"time"`), or was cut off by its signal, by an error, or by a
 * consumer that left the loop (`"aborted"`).
 *
 * @example
 * ```ts
 * const isWhole = (reason: StopReason | undefined): boolean => reason === "token" || reason === "text" || reason === "constraint";
 * console.log(isWhole("length"), isWhole("token")); // false true
 * ```
 */
export type StopReason = "token" | "text" | "constraint" | "length" | "context" | "time" | "aborted";

/**
 * What a generation has cost so far. Time that the consumer takes between tokens is not counted.
 *
 * @example
 * ```ts
 * const backend = cpu();
 * const model = {
 *   vocabulary: 2,
 *   context: 8,
 *   backend,
 *   cache: () => ({ [Symbol.dispose]() {} }),
 *   next: () => tensor([0, 1], [1, 2], backend),
 * };
 * const generation = generate(model, [0, 1, 1]);
 * while (!(await generation.next()).done);
 * const { promptTokens, generatedTokens, stopReason }: GenerationStatistics = generation.statistics;
 * console.log(promptTokens, generatedTokens, stopReason); // 3 6 context
 * ```
 */
export interface GenerationStatistics {
  readonly promptTokens: number;
  /** How many of them the model remembered from a call before, so that it did not read them again. */
  readonly reusedTokens: number;
  /** Tokens that were yielded, a stop token among them. */
  readonly generatedTokens: number;
  /** Seconds in all: prefill and decode. */
  readonly seconds: number;
  /** Seconds until the first token was chosen. */
  readonly prefillSeconds: number;
  /** Prompt tokens per second of prefill, those that it read; 0 before the first token. */
  readonly prefillTokensPerSecond: number;
  /** Tokens per second of decoding. The first token is the prefill's, so it does not count; 0 before the second. */
  readonly decodeTokensPerSecond: number;
  /** Tokens that a draft proposed, and how many of them were taken: 0 without speculation. */
  readonly draftedTokens: number;
  readonly acceptedTokens: number;
  /** Undefined while the generation goes on. */
  readonly stopReason: StopReason | undefined;
}

/** Keeps the figures of one generation. */
export class Meter {
  readonly #promptTokens: number;
  #generatedTokens = 0;
  #readTokens = 0;
  #draftedTokens = 0;
  #acceptedTokens = 0;
  #prefillSeconds = 0;
  #decodeSeconds = 0;
  #stopReason: StopReason | undefined;

  constructor(promptTokens: number) {
    this.#promptTokens = promptTokens;
  }
  /** A token was chosen, for which the model read so many ids in so many seconds. */
  token(read: number, seconds: number): void {
    if (this.#generatedTokens++ === 0) [this.#prefillSeconds, this.#readTokens] = [seconds, read];
    else this.#decodeSeconds += seconds;
  }
  drafted(proposed: number, accepted: number): void {
    this.#draftedTokens += proposed;
    this.#acceptedTokens += accepted;
  }
  /** The first reason is the one that counts. */
  end(reason: StopReason | undefined): void {
    this.#stopReason ??= reason;
  }
  get ended(): boolean {
    return this.#stopReason !== undefined;
  }
  get statistics(): GenerationStatistics {
    return {
      promptTokens: this.#promptTokens,
      reusedTokens: this.#generatedTokens === 0 ? 0 : Math.max(0, this.#promptTokens - this.#readTokens),
      generatedTokens: this.#generatedTokens,
      seconds: this.#prefillSeconds + this.#decodeSeconds,
      prefillSeconds: this.#prefillSeconds,
      prefillTokensPerSecond: rate(Math.min(this.#promptTokens, this.#readTokens), this.#prefillSeconds),
      decodeTokensPerSecond: rate(this.#generatedTokens - 1, this.#decodeSeconds),
      draftedTokens: this.#draftedTokens,
      acceptedTokens: this.#acceptedTokens,
      stopReason: this.#stopReason,
    };
  }
}

/** A clock too coarse to see the work gives 0, not infinity. */
export const rate = (tokens: number, seconds: number): number => (seconds > 0 ? tokens / seconds : 0);
