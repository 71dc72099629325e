import { ConfigError } from "@tenon/tensor";
import { checkOptions } from "../generate/checks.ts";
import type { ModelPredictor } from "../predict/model-predictor.ts";
import { open, type Decodable } from "../predict/open.ts";
import type { Prediction } from "../predict/predictor.ts";
import { logSoftmax } from "./log-softmax.ts";
import { refuseStates } from "./refuse-states.ts";

/**
 * A model of an ensemble, with its say: a number above 0, 1 by default.
 *
 * @example
 * ```ts
 * const member: Member = { model: functionModel(() => [0, 1], { vocabulary: 2 }), weight: 2 };
 * console.log(member.weight); // 2
 * ```
 */
export interface Member {
  readonly model: Decodable;
  readonly weight?: number | undefined;
}

/**
 * How the models of an ensemble come together.
 *
 * @example
 * ```ts
 * const options: EnsembleOptions = { of: "logits" };
 * const [sure, unsure] = [[0, -Infinity], [0, 0]].map((z) => functionModel(() => z, { vocabulary: 2 }));
 * using model = ensemble([sure!, unsure!], options);
 * console.log((await model.predict([[0]]))[0]!.logits[0]![1]); // -Infinity
 * ```
 */
export interface EnsembleOptions {
  /**
   * `"probabilities"`, the default: a token is likely when any model says so. `"logits"`: a token is likely when no model speaks against it, and one that
   * a single model excludes is excluded.
   */
  readonly of?: "probabilities" | "logits" | undefined;
}

/**
 * Several models of one vocabulary as one: a predictor for `generate` and everything else. With weights wₘ that are scaled to Σ w = 1, the logits [v] are
 *
 * - of probabilities (a mixture), z = log Σₘ wₘ softmax(zₘ);
 * - of logits (a product of experts, taken to weights), z = Σₘ wₘ log softmax(zₘ), whose softmax is Π softmax(zₘ)^wₘ up to a factor.
 *
 * The context is the least of theirs. Models are asked one after the other. What was made for them is freed when the ensemble is disposed; a predictor that was
 * handed over stays as it is.
 *
 * Throws `ConfigError` without models, for different vocabularies, and for a weight that is not a finite number above 0; predicting, for
 * hidden states and attention, and when no token is left that all experts allow.
 *
 * Hinton 2002, "Training products of experts by minimizing contrastive divergence".
 *
 * @example
 * ```ts
 * const yes = functionModel(() => [Math.log(3), 0], { vocabulary: 2 }); // 3/4, 1/4
 * const no = functionModel(() => [0, 0], { vocabulary: 2 }); // 1/2, 1/2
 * using model = ensemble([{ model: yes, weight: 3 }, no]);
 * const [prediction] = await model.predict([[0]]);
 * console.log(Math.exp(prediction!.logits[0]![0]!).toFixed(4)); // 0.6875
 * ```
 */
export function ensemble(members: readonly (Decodable | Member)[], options: EnsembleOptions = {}): ModelPredictor {
  checkOptions("ensemble()", options, { of: 0 });
  const { of = "probabilities" } = options;
  if (of !== "probabilities" && of !== "logits") {
    throw new ConfigError(`An ensemble is of "probabilities" or of "logits", got ${JSON.stringify(of)}`, { of });
  }
  const { models, weights } = checkMembers(members);
  const predictors = models.map((model) => open(model));
  const combine = of === "probabilities" ? mixture : product;
  return {
    vocabulary: models[0]!.vocabulary,
    context: Math.min(...models.map(({ context }) => context)),
    async predict(sequences, wanted = {}) {
      refuseStates("An ensemble", wanted);
      const found: (readonly Prediction[])[] = [];
      for (const predictor of predictors) found.push(await predictor.predict(sequences, wanted));
      return sequences.map((ids, row) => {
        const of = found.map((predictions) => predictions[row]!);
        return {
          logits: of[0]!.logits.map((_, i) =>
            combine(
              of.map(({ logits }, m) => logSoftmax(logits[i]!, `the logits of model ${m} after ${ids.length} tokens`)),
              weights,
            ),
          ),
          states: [],
          attention: undefined,
          read: Math.max(...of.map(({ read }) => read)),
        };
      });
    },
    [Symbol.dispose]() {
      for (const predictor of predictors) predictor[Symbol.dispose]();
    },
  };
}

/** The models, with weights that sum to 1. */
function checkMembers(members: readonly (Decodable | Member)[]): {
  readonly models: readonly Decodable[];
  readonly weights: readonly number[];
} {
  if (members.length === 0) throw new ConfigError("An ensemble has at least one model, got none");
  const pairs = members.map((member) => ("model" in member ? member : { model: member }));
  const sizes = pairs.map(({ model }) => model.vocabulary);
  if (sizes.some((size) => size !== sizes[0])) {
    throw new ConfigError(
      `The models of an ensemble have one vocabulary, and these have ${sizes.join(", ")} ids. Take models of the same tokenizer.`,
      { vocabularies: sizes },
    );
  }
  const weights = pairs.map(({ weight = 1 }, m) => {
    if (weight > 0 && weight < Infinity) return weight;
    throw new ConfigError(
      `The weight of model ${m} is ${weight}; it is a finite number above 0. Leave a model out that has no say.`,
      { model: m, weight },
    );
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { models: pairs.map(({ model }) => model), weights: weights.map((weight) => weight / total) };
}

type Combine = (logs: readonly Float64Array[], weights: readonly number[]) => Float32Array;

const mixture: Combine = (logs, weights) =>
  Float32Array.from(logs[0]!, (_, id) => {
    const max = Math.max(...logs.map((log) => log[id]!));
    if (max === -Infinity) return max;
    return max + Math.log(logs.reduce((sum, log, m) => sum + weights[m]! * Math.exp(log[id]! - max), 0));
  });

const product: Combine = (logs, weights) =>
  Float32Array.from(logs[0]!, (_, id) => logs.reduce((sum, log, m) => sum + weights[m]! * log[id]!, 0));
