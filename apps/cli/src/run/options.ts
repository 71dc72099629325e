import type { Origin } from "@tenon/pretrained";
import { type OptimiserName, optimiserNames, type ScheduleName, scheduleNames } from "@tenon/training";
import { z } from "zod";

import { type DataSource, dataSourceSchema } from "./data-source.ts";

/** Everything that decides what a training run does: two runs with the same options, on the same backend, end with the same bits. */
export interface RunOptions {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly tokenizer: Readonly<Record<string, unknown>>;
  readonly data: DataSource;
  /** SHA-256 of the examples. */
  readonly dataHash: string;
  /** What stands between the documents of a text that is to be continued; a token for the end takes its place. */
  readonly separator?: string | undefined;
  /** Pieces of text in a step; of pairs, the most positions in a step. */
  readonly batch: number;
  /** How many batches make one step. */
  readonly accumulate: number;
  readonly steps: number;
  readonly rate: number;
  readonly schedule: ScheduleName;
  readonly warmUp: number;
  readonly optimiser: OptimiserName;
  readonly weightDecay: number;
  readonly clip: number;
  /** The share of words that an encoder has to guess. */
  readonly maskRate: number;
  /** The share of a target that all tokens divide, where translations are learned. */
  readonly labelSmoothing: number;
  readonly evaluateEvery: number;
  readonly saveEvery: number;
  /** Held-out losses in a row without a better one after which the run ends, with the best model. */
  readonly patience?: number | undefined;
  /** How much a moving average of the parameters keeps in each step; the average is what is evaluated and becomes the model. */
  readonly movingAverage?: number | undefined;
  /** Are activations computed again on the way back, in place of being kept? */
  readonly recompute?: boolean | undefined;
  readonly seed: number;
  /** Steps that the model had been trained before this run, when it begins with a trained one. */
  readonly earlierSteps?: number | undefined;
  /** Tokens in each piece of text, where that is less than the model's context. */
  readonly window?: number | undefined;
  /** Adapters that are trained in place of the weights. */
  readonly lora?: LoraRecord | undefined;
  /** Whose model it began with, where that was no one of `tenon train`. */
  readonly origin?: Origin | undefined;
}

/** The adapters of a run, as `attachLora` takes them. */
export interface LoraRecord {
  readonly rank: number;
  readonly alpha: number;
  readonly targets: readonly string[];
}

const size = z.int().positive();
const share = z.number().nonnegative().max(1);

/** What a run's options have to be, given what an origin has to be. */
export const runOptionsSchema = (origin: z.ZodType<Origin>): z.ZodType<RunOptions> =>
  z.strictObject({
    spec: z.record(z.string(), z.unknown()),
    tokenizer: z.record(z.string(), z.unknown()),
    data: dataSourceSchema,
    dataHash: z.string(),
    separator: z.string().min(1).optional(),
    batch: size,
    accumulate: size,
    steps: size,
    rate: z.number().positive(),
    schedule: z.enum(scheduleNames),
    warmUp: z.int().nonnegative(),
    optimiser: z.enum(optimiserNames),
    weightDecay: z.number().nonnegative(),
    clip: z.number().positive(),
    maskRate: share,
    labelSmoothing: share,
    evaluateEvery: size,
    saveEvery: size,
    patience: size.optional(),
    movingAverage: z.number().positive().lt(1).optional(),
    recompute: z.boolean().optional(),
    seed: z.int().nonnegative(),
    earlierSteps: z.int().nonnegative().optional(),
    window: size.optional(),
    lora: z
      .strictObject({ rank: size, alpha: z.number().positive(), targets: z.array(z.string()).readonly() })
      .optional(),
    origin: origin.optional(),
  });
