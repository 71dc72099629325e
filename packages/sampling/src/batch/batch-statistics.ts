import { Meter, rate, type GenerationStatistics, type StopReason } from "../generate/statistics.ts";

/**
 * What a batch has cost so far, and each of its rows. The rows share their steps, so the seconds of a row are those of the whole for as long as it
 * went on, and only the tokens add up.
 *
 * @example
 * ```ts
 * const model = functionModel((ids) => [0, ids.length < 4 ? 1 : -1], { vocabulary: 2 });
 * const batch = generateBatch(model, [[1], [1, 1]], { stop: [0] });
 * while (!(await batch.next()).done);
 * const { generatedTokens, rows }: BatchStatistics = batch.statistics;
 * console.log(generatedTokens, rows.map((row) => row.generatedTokens)); // 7 [ 4, 3 ]
 * ```
 */
export interface BatchStatistics extends Omit<GenerationStatistics, "draftedTokens" | "acceptedTokens" | "stopReason"> {
  /** Each row's own figures; what it shared with another row counts there as reused. */
  readonly rows: readonly GenerationStatistics[];
}

/** Keeps the figures of all rows. */
export class BatchMeter {
  readonly rows: readonly Meter[];

  constructor(promptTokens: readonly number[]) {
    this.rows = promptTokens.map((tokens) => new Meter(tokens));
  }

  /** Ends what goes on. */
  end(reason: StopReason): void {
    for (const row of this.rows) row.end(reason);
  }

  get statistics(): BatchStatistics {
    const rows = this.rows.map(({ statistics }) => statistics);
    const sum = (of: (row: GenerationStatistics) => number): number => rows.reduce((total, row) => total + of(row), 0);
    const seconds = Math.max(...rows.map((row) => row.seconds));
    const prefillSeconds = Math.max(...rows.map((row) => row.prefillSeconds));
    return {
      promptTokens: sum((row) => row.promptTokens),
      reusedTokens: sum((row) => row.reusedTokens),
      generatedTokens: sum((row) => row.generatedTokens),
      seconds,
      prefillSeconds,
      prefillTokensPerSecond: sum((row) => row.prefillTokensPerSecond),
      decodeTokensPerSecond: rate(
        sum((row) => Math.max(0, row.generatedTokens - 1)),
        seconds - prefillSeconds,
      ),
      rows,
    };
  }
}
