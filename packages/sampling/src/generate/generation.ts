import type { GeneratedToken } from "./generated-token.ts";
import type { GenerationStatistics, StopReason } from "./statistics.ts";

/** Who keeps the figures. */
interface Metering<Statistics> {
  readonly statistics: Statistics;
  end(reason: StopReason): void;
}

/**
 * A generation under way: an async generator of tokens that also knows its statistics. Nothing is computed before the
 * first `next`, and one token at a time after that. Leaving the loop, or `await using`, gives the model's cache back.
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
 * const generation: Generation = generate(model, [0]);
 * for await (const { step } of generation) if (step === 3) break;
 * console.log(generation.statistics.generatedTokens, generation.statistics.stopReason); // 4 aborted
 * ```
 */
export class Generation<Token = GeneratedToken, Statistics = GenerationStatistics> implements AsyncGenerator<
  Token,
  Statistics,
  void
> {
  readonly #tokens: AsyncGenerator<Token, Statistics, void>;
  readonly #meter: Metering<Statistics>;

  constructor(tokens: AsyncGenerator<Token, Statistics, void>, meter: Metering<Statistics>) {
    this.#tokens = tokens;
    this.#meter = meter;
  }
  /** The figures up to now, at any time: while tokens come, after the last one, after an early `break`. */
  get statistics(): Statistics {
    return this.#meter.statistics;
  }
  /** The next token; at the end, the statistics. */
  next(): Promise<IteratorResult<Token, Statistics>> {
    return this.#tokens.next();
  }
  /** Ends the generation early, as `break` does. */
  async return(): Promise<IteratorReturnResult<Statistics>> {
    await this.#tokens.return(this.statistics);
    this.#meter.end("aborted"); // for one that never began
    return { done: true, value: this.statistics };
  }
  /** Ends the generation early and rejects with `error`. */
  async throw(error: unknown): Promise<IteratorResult<Token, Statistics>> {
    this.#meter.end("aborted");
    return this.#tokens.throw(error);
  }
  [Symbol.asyncIterator](): this {
    return this;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
