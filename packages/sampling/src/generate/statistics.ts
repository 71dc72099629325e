/**
 * Why a generation ended: it came to a stop token (`"token"`) or a stop string (`"text"`), had as many tokens as asked
 * for (`"length"`), filled the model's context (`"context"`), or was cut off by its signal, by an error, or by a
 * consumer that left the loop (`"aborted"`).
 *
 * @example
 * ```ts
 * const isWhole = (reason: StopReason | undefined): boolean => reason === "token" || reason === "text";
 * console.log(isWhole("length"), isWhole("token")); // false true
 * ```
 */
export type StopReason = "token" | "text" | "length" | "context" | "aborted";

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
  /** Tokens that were yielded, a stop token among them. */
  readonly generatedTokens: number;
  /** Seconds in all: prefill and decode. */
  readonly seconds: number;
  /** Seconds until the first token was chosen. */
  readonly prefillSeconds: number;
  /** Prompt tokens per second of prefill; 0 before the first token. */
  readonly prefillTokensPerSecond: number;
  /** Tokens per second of decoding. The first token is the prefill's, so it does not count; 0 before the second. */
  readonly decodeTokensPerSecond: number;
  /** Undefined while the generation goes on. */
  readonly stopReason: StopReason | undefined;
}

/** Keeps the figures of one generation. */
export class Meter {
  readonly #promptTokens: number;
  #generatedTokens = 0;
  #prefillSeconds = 0;
  #decodeSeconds = 0;
  #started = 0;
  #stopReason: StopReason | undefined;

  constructor(promptTokens: number) {
    this.#promptTokens = promptTokens;
  }
  start(): void {
    this.#started = performance.now();
  }
  /** A token was chosen: the time since `start` was its. */
  token(): void {
    const seconds = (performance.now() - this.#started) / 1000;
    if (this.#generatedTokens++ === 0) this.#prefillSeconds = seconds;
    else this.#decodeSeconds += seconds;
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
      generatedTokens: this.#generatedTokens,
      seconds: this.#prefillSeconds + this.#decodeSeconds,
      prefillSeconds: this.#prefillSeconds,
      prefillTokensPerSecond: rate(this.#promptTokens, this.#prefillSeconds),
      decodeTokensPerSecond: rate(this.#generatedTokens - 1, this.#decodeSeconds),
      stopReason: this.#stopReason,
    };
  }
}

/** A clock too coarse to see the work gives 0, not infinity. */
const rate = (tokens: number, seconds: number): number => (seconds > 0 ? tokens / seconds : 0);
