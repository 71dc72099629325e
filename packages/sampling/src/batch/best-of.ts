import { ConfigError } from "@tenon/tensor";
import { checkOptions } from "../generate/checks.ts";
import type { Decodable } from "../predict/open.ts";
import type { Strategy } from "../strategies/strategy.ts";
import { planRows, type BatchOptions } from "./batch-options.ts";
import { collectBatch, type Completion } from "./collect-batch.ts";
import { batchOf } from "./generate-batch.ts";

/**
 * How `bestOf` goes about it; what is not about ranking is as in `generateBatch`, with a sample in each row.
 *
 * @example
 * ```ts
 * const options: BestOfOptions = { samples: 8, strategy: (i) => sample(random(7).fork(i)), score: "sum", maxTokens: 50 };
 * console.log(options.samples); // 8
 * ```
 */
export interface BestOfOptions extends Omit<BatchOptions, "strategy" | "alternatives" | "logits" | "scores"> {
  /** n, at least 1. */
  readonly samples: number;
  /** How sample i is drawn: with a seed for each, since one for all would give the same text n times. */
  readonly strategy: (i: number) => Strategy;
  /**
   * What is best: the highest mean log-probability of the tokens (`"mean"`, the default, for which long and short are alike), their sum (`"sum"`, for
   * the text that is the most probable as a whole), or the highest number from a function, such as a reward model's.
   */
  readonly score?: "mean" | "sum" | ((completion: Completion) => number) | undefined;
}

/**
 * A sample with what it is ranked by.
 *
 * @example
 * ```ts
 * const model = functionModel(() => [0, 1], { vocabulary: 2 });
 * const ranked = await bestOf(model, [0], { samples: 2, strategy: (i) => sample(random(1).fork(i)), maxTokens: 3 });
 * const best: ScoredCompletion = ranked[0]!;
 * console.log(best.score === best.logProbability / 3, best.score >= ranked[1]!.score); // true true
 * ```
 */
export interface ScoredCompletion extends Completion {
  readonly score: number;
}

const optionNames = {
  samples: 0,
  strategy: 0,
  score: 0,
  transforms: 0,
  constraint: 0,
  maxTokens: 0,
  maxSeconds: 0,
  stop: 0,
  decoder: 0,
  signal: 0,
} satisfies Record<keyof BestOfOptions, 0>;

/**
 * Best of n: n samples of one prompt in one batch, that with the highest score first; of equal ones the one that was drawn first. The prompt is
 * read once, and n rows go on from it.
 *
 * Log-probabilities are those of the model itself, whatever transforms and strategy drew from. Rejects with `ConfigError` for a number of samples that is
 * not a whole one of at least 1, for several without chance, for a score that is not a number, and for whatever `generateBatch` refuses.
 *
 * Stiennon et al. 2020, "Learning to summarize from human feedback", compares it with training; Adiwardana et al. 2020, "Towards a human-like
 * open-domain chatbot", calls it sample-and-rank.
 *
 * @example
 * ```ts
 * const model = functionModel(() => [0, 1, 2], { vocabulary: 3 }); // whatever came before
 * const ranked = await bestOf(model, [0], { samples: 4, strategy: (i) => sample(random(7).fork(i)), maxTokens: 3 });
 * console.log(ranked.length, ranked[0]!.score >= ranked[3]!.score); // 4 true
 * ```
 */
export async function bestOf(
  model: Decodable,
  promptIds: ArrayLike<number>,
  options: BestOfOptions,
): Promise<readonly ScoredCompletion[]> {
  checkOptions("bestOf()", options, optionNames, "the tokens of all samples, one by one, are generateBatch's to give.");
  const { samples, strategy, score = "mean", ...rest } = options;
  if (!Number.isSafeInteger(samples) || samples < 1) {
    throw new ConfigError(`samples is a whole number of at least 1, got ${samples}`, { samples });
  }
  if (typeof strategy !== "function") {
    throw new ConfigError(
      "bestOf() needs a strategy for each sample, as in strategy: (i) => sample(random(7).fork(i)): one for all would draw the same text again and again.",
    );
  }
  if (score !== "mean" && score !== "sum" && typeof score !== "function") {
    throw new ConfigError(`score is "mean", "sum" or a function of a completion, got ${JSON.stringify(score)}`, {
      score,
    });
  }
  const plans = planRows(
    model,
    new Array<ArrayLike<number>>(samples).fill(promptIds),
    { ...rest, strategy },
    "bestOf()",
    "The prompt",
  );
  const still = plans[0]!.strategy!;
  if (samples > 1 && plans.every((plan) => plan.strategy!.draws === false)) {
    throw new ConfigError(
      `${still.name} draws nothing, so all ${samples} samples would be the same. Give a strategy that draws, as in strategy: (i) => sample(random(7).fork(i)).`,
      { strategy: still.name, samples },
    );
  }
  const completions = await collectBatch(batchOf(model, plans));
  return completions
    .map((completion) => ({ ...completion, score: rated(completion, score) }))
    .sort((a, b) => b.score - a.score || 0); // −Infinity − −Infinity is NaN
}

function rated(completion: Completion, score: NonNullable<BestOfOptions["score"]>): number {
  if (score === "sum") return completion.logProbability;
  if (score === "mean") return completion.logProbability / completion.ids.length;
  const rating = score(completion);
  if (typeof rating === "number" && !Number.isNaN(rating)) return rating;
  throw new ConfigError(
    `The score of a completion of ${completion.ids.length} ids is ${rating}, which cannot be ranked`,
    {
      score: rating,
    },
  );
}
