import { expectSize, type Part } from "@tenon/nn";
import { ConfigError, GradientError } from "@tenon/tensor";

import { evaluate } from "../evaluate.ts";
import type { TrainOptions } from "../train-options.ts";
import type { FitOptions } from "./fit-options.ts";

/** The held-out loss and every metric, by name; undefined when the signal cut them short. */
export async function scoresOf<M extends Part, B extends object>(
  { model, objective, evaluation, signal }: TrainOptions<M, B>,
  metrics: FitOptions<M>["metrics"] = {},
): Promise<Record<string, number> | undefined> {
  try {
    const { batches, count, objective: measured = objective } = evaluation!;
    const scores = { loss: await evaluate({ model, objective: measured, batches, count, signal }) } as Record<
      string,
      number
    >;
    for (const [name, metric] of Object.entries(metrics)) {
      signal?.throwIfAborted();
      scores[name] = await metric(model, signal);
    }
    return scores;
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined;
    throw error;
  }
}

/** Refuses an evaluation that cannot be taken, what only evaluations can do where there are none, and a metric that is not there. */
export function expectScores<M extends Part, B extends object>(
  { evaluation }: TrainOptions<M, B>,
  { metrics = {}, stopping }: FitOptions<M>,
): void {
  if (evaluation !== undefined) {
    expectSize("fit", "evaluation.count", evaluation.count);
    expectSize("fit", "evaluation.every", evaluation.every);
  }
  const needs = stopping !== undefined ? "stopping" : Object.keys(metrics).length > 0 ? "metrics" : undefined;
  if (needs !== undefined && evaluation === undefined)
    throw new ConfigError(
      `fit: ${needs} needs evaluations; say in the first argument's \`evaluation\` on what and how often`,
      {
        option: needs,
      },
    );
  if ("loss" in metrics)
    throw new ConfigError('fit: a metric is called "loss", which is the name of the held-out loss; rename it');
  const names = ["loss", ...Object.keys(metrics)];
  const { metric = "loss" } = stopping ?? {};
  if (!names.includes(metric))
    throw new ConfigError(`fit: stopping.metric is "${metric}", which is not measured; there are ${names.join(", ")}`, {
      expected: names,
      got: metric,
    });
}

/** A step that leaves a loss or the metric that is watched without a finite value has broken the parameters. */
export function expectFiniteScores(step: number, scores: Readonly<Record<string, number>>, watched: string): void {
  for (const name of new Set(["loss", watched])) {
    const value = scores[name]!;
    if (Number.isFinite(value)) continue;
    const what = name === "loss" ? "the loss on held-out text" : `the metric ${name}`;
    throw new GradientError(
      `Training stopped after step ${step}: ${what} is ${value}. Go back to what was saved before. Lower the rate or lengthen the warm-up.`,
      { step, metric: name, value },
    );
  }
}
