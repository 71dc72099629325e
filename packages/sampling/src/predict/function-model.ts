import { ConfigError, ShapeError } from "@tenon/tensor";
import { checkOptions } from "../generate/checks.ts";
import { sequencesOf } from "./check-sequences.ts";
import type { Predictor } from "./predictor.ts";

/** A function of all ids so far. */
type OfIds = (ids: readonly number[]) => ArrayLike<number> | PromiseLike<ArrayLike<number>>;

/** What comes with the function. */
export interface FunctionModelOptions {
  /** v: how many logits the function gives. */
  readonly vocabulary: number;
  /** The most ids that it takes; `Infinity` by default. */
  readonly context?: number | undefined;
  /** The hidden state [d] of the last id, for contrastive search. */
  readonly state?: OfIds | undefined;
  /** The weights [s] with which the last id looks at the source, for a coverage penalty. */
  readonly attention?: OfIds | undefined;
}

/**
 * A model from a plain function: all ids so far → the logits [v] of what follows, at once or as a promise. Everything in this package decodes it;
 * there is no tensor, no backend and no cache to provide. It is asked for one sequence after the other.
 *
 * Predicting throws `ShapeError` when the function gives another number of logits than the vocabulary, and `ConfigError` for states or
 * attention without a function that gives them.
 *
 * @example
 * ```ts
 * const model = functionModel((ids) => [ids.length % 2, 0.5], { vocabulary: 2 });
 * const found = [];
 * for await (const { id } of generate(model, [0], { maxTokens: 4 })) found.push(id);
 * console.log(found); // [ 0, 1, 0, 1 ]
 * ```
 */
export function functionModel(logits: OfIds, options: FunctionModelOptions): Predictor {
  checkOptions("functionModel()", options, { vocabulary: 0, context: 0, state: 0, attention: 0 });
  const { vocabulary, context = Infinity, state, attention } = options;
  const after = async (ids: readonly number[]): Promise<Float32Array> => {
    const given = Float32Array.from(await logits(ids));
    if (given.length === vocabulary) return given;
    throw new ShapeError(
      `The function gave ${given.length} logits after ${ids.length} ids, but the vocabulary has ${vocabulary}: one for each id`,
      { expected: [vocabulary], got: [given.length] },
    );
  };
  const needed = (what: OfIds | undefined, name: "state" | "attention"): OfIds => {
    if (what !== undefined) return what;
    throw new ConfigError(
      `This way of decoding needs the model's ${name}, which a function of ids to logits does not tell. Give functionModel() a function for it: { ${name}: (ids) => … }.`,
      { missing: name },
    );
  };
  return {
    vocabulary,
    context,
    async predict(sequences, wanted = {}) {
      const predictions = [];
      for (const { ids, logits: last, states: shown } of sequencesOf(sequences, wanted, { vocabulary, context })) {
        const found: Float32Array[] = [];
        for (let n = ids.length - last + 1; n <= ids.length; n++) found.push(await after(ids.slice(0, n)));
        const states: Float32Array[] = [];
        for (let n = ids.length - shown + 1; n <= ids.length; n++)
          states.push(Float32Array.from(await needed(state, "state")(ids.slice(0, n))));
        predictions.push({
          logits: found,
          states,
          attention: wanted.attention ? Float32Array.from(await needed(attention, "attention")(ids)) : undefined,
          read: ids.length,
        });
      }
      return predictions;
    },
  };
}
