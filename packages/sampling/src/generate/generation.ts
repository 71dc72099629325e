import type { GeneratedToken } from "./generated-token.ts";
import type { GenerationStatistics, Meter } from "./statistics.ts";

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
export class Generation implements AsyncGenerator<GeneratedToken, GenerationStatistics, void> {
  readonly #tokens: AsyncGenerator<GeneratedToken, GenerationStatistics, void>;
  readonly #meter: Meter;

  constructor(tokens: AsyncGenerator<GeneratedToken, GenerationStatistics, void>, meter: Meter) {
    this.#tokens = tokens;
    this.#meter = meter;
  }
  /** The figures up to now, at any time: while tokens come, after the last one, after an early `break`. */
  get statistics(): GenerationStatistics {
    return this.#meter.statistics;
  }
  /** The next token; at the end, the statistics. */
  next(): Promise<IteratorResult<GeneratedToken, GenerationStatistics>> {
    return this.#tokens.next();
  }
  /** Ends the generation early, as `break` does. */
  async return(): Promise<IteratorReturnResult<GenerationStatistics>> {
    await this.#tokens.return(this.statistics);
    this.#meter.end("aborted"); // for one that never began
    return { done: true, value: this.statistics };
  }
  /** Ends the generation early and rejects with `error`. */
  async throw(error: unknown): Promise<IteratorResult<GeneratedToken, GenerationStatistics>> {
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
