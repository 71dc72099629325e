import type { CausalModel } from "./causal-model.ts";
import { predictor } from "./model-predictor.ts";
import type { Predictor } from "./predictor.ts";

/** What can be decoded: a model with a cache, or anything that predicts. */
export type Decodable<C = any> = CausalModel<C> | Predictor; // oxlint-disable-line no-explicit-any -- whose cache it is concerns nobody here

/** A model as a predictor for one decoding. One that was given stays as it is; one that was made for it ends with it. */
export function open(model: Decodable): Predictor & Disposable {
  if (!("predict" in model)) return predictor(model);
  const { vocabulary, context } = model;
  return {
    vocabulary,
    context,
    predict: (sequences, wanted) => model.predict(sequences, wanted),
    [Symbol.dispose]() {},
  };
}
