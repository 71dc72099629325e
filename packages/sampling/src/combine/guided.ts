import { ConfigError } from "@tenon/tensor";
import { checkOptions, checkPrompt } from "../generate/checks.ts";
import type { ModelPredictor } from "../predict/model-predictor.ts";
import { open, type Decodable } from "../predict/open.ts";
import type { Prediction, Predictor, Wanted } from "../predict/predictor.ts";
import { logSoftmax } from "./log-softmax.ts";
import { refuseStates } from "./refuse-states.ts";

/**
 * How `guided` goes about it.
 *
 * @example
 * ```ts
 * const options: GuidanceOptions = { scale: 1.5, promptLength: 12, negative: [3, 1, 4] };
 * console.log(options.scale); // 1.5
 * ```
 */
export interface GuidanceOptions {
  /** γ, at least 0: 1 is the model as it is, more than 1 keeps closer to the prompt, less goes away from it. */
  readonly scale: number;
  /** How many ids of each sequence are the prompt's, at least 1. */
  readonly promptLength: number;
  /** What to go away from instead: a prompt in its place. By default, the prompt's last id alone. */
  readonly negative?: ArrayLike<number> | undefined;
}

/**
 * Classifier-free guidance: a model that is asked twice, c with the prompt and u without it (or with a negative prompt in its place), and goes beyond what
 * the prompt makes of it, z = log softmax(u) + γ (log softmax(c) − log softmax(u)). A predictor for `generate` and everything else that continues prompts of this length.
 *
 * A model that heeds paddings is asked for both in one batch, and any other for one after the other, with a cache for each. A predictor
 * is asked for both at once, so hand over the model itself where it cannot take sequences of different lengths. What was made for it is freed when it is
 * disposed. A token that c excludes is excluded; where u alone excludes one, c stands as it is.
 *
 * Throws `ConfigError` for a scale below 0 or not finite, for a prompt length that is not from 1 to the context, and for a negative prompt that cannot be
 * continued; predicting, for hidden states and attention, and for logits from before the end of the prompt, where there is nothing to compare.
 *
 * Ho & Salimans 2022, "Classifier-free diffusion guidance"; Sanchez et al. 2023, "Stay on topic with classifier-free guidance".
 *
 * @example
 * ```ts
 * // Says 1 when the text began with 1, and a little of it anyway.
 * const model = functionModel((ids) => [0, ids[0] === 1 ? 1 : 0.5], { vocabulary: 2 });
 * const prompt = [1, 0];
 * using more = guided(model, { scale: 3, promptLength: prompt.length });
 * for (const one of [model, more]) {
 *   const [prediction] = await one.predict([prompt]);
 *   const [zero, yes] = prediction!.logits[0]!;
 *   console.log((yes! - zero!).toFixed(3));
 * }
 * // 1.000
 * // 2.000
 * ```
 */
export function guided(model: Decodable, options: GuidanceOptions): ModelPredictor {
  checkOptions("guided()", options, { scale: 0, promptLength: 0, negative: 0 });
  const { scale, promptLength } = options;
  const { vocabulary, context } = model;
  if (!(scale >= 0 && scale < Infinity)) {
    throw new ConfigError(`scale is a finite number of at least 0, got ${scale}; 1 is the model as it is`, { scale });
  }
  if (!Number.isSafeInteger(promptLength) || promptLength < 1 || promptLength > context) {
    throw new ConfigError(
      `promptLength is a whole number from 1 to the model's context of ${context}, got ${promptLength}`,
      { promptLength, context },
    );
  }
  const negative =
    options.negative === undefined ? undefined : checkPrompt(options.negative, model, "The negative prompt");
  const asked = twice(model);
  return {
    vocabulary,
    context: context - Math.max(0, (negative?.length ?? 1) - promptLength),
    async predict(sequences, wanted = {}) {
      refuseStates("Guidance", wanted);
      checkExtent(sequences, wanted, promptLength);
      const without = sequences.map((ids) => [...(negative ?? [ids[promptLength - 1]!]), ...ids.slice(promptLength)]);
      const [c, u] = await asked.predict(sequences, without, wanted);
      return c.map(({ logits, read }, row) => ({
        logits: logits.map((conditional, i) => guide(conditional, u[row]!.logits[i]!, scale)),
        states: [],
        attention: undefined,
        read,
      }));
    },
    [Symbol.dispose]: () => asked[Symbol.dispose](),
  };
}

function guide(conditional: Float32Array, unconditional: Float32Array, scale: number): Float32Array {
  const c = logSoftmax(conditional, "the model's logits with the prompt");
  const u = logSoftmax(unconditional, "the model's logits without the prompt");
  return Float32Array.from(c, (with_, id) =>
    with_ === -Infinity || u[id] === -Infinity ? with_ : u[id]! + scale * (with_ - u[id]!),
  );
}

/** Throws `ConfigError` for sequences that end before their prompt does, and for logits from within it. */
function checkExtent(sequences: readonly (readonly number[])[], { logits = 1 }: Wanted, promptLength: number): void {
  const row = sequences.findIndex((ids) => ids.length - logits + 1 < promptLength);
  if (row === -1) return;
  throw new ConfigError(
    `Guidance by a prompt of ${promptLength} ids tells what follows it, but sequence ${row} has ${sequences[row]!.length} ids and is asked for its last ${logits} logits. Say the promptLength of what is continued.`,
    { row, promptLength, logits },
  );
}

interface Twice extends Disposable {
  predict(
    conditional: readonly (readonly number[])[],
    unconditional: readonly (readonly number[])[],
    wanted: Wanted,
  ): Promise<readonly [readonly Prediction[], readonly Prediction[]]>;
}

/** A way to ask a model for two lots of sequences that reads none of them again at the next step. */
function twice(model: Decodable): Twice {
  const first = open(model);
  if ("predict" in model || model.padded === true) {
    return {
      async predict(c, u, wanted) {
        const found = await first.predict([...c, ...u], wanted);
        return [found.slice(0, c.length), found.slice(c.length)];
      },
      [Symbol.dispose]: () => first[Symbol.dispose](),
    };
  }
  const second: Predictor & Disposable = open(model);
  return {
    predict: async (c, u, wanted) => [await first.predict(c, wanted), await second.predict(u, wanted)],
    [Symbol.dispose]() {
      first[Symbol.dispose]();
      second[Symbol.dispose]();
    },
  };
}
