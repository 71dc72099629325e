import type { Prediction, Predictor } from "../predict/predictor.ts";
import { checkLogits } from "../transforms/check-logits.ts";
import { logSumExp } from "../transforms/log-sum-exp.ts";
import type { LogitsTransform } from "../transforms/logits-transform.ts";
import type { Beam, Expansion } from "./beam.ts";
import type { BeamPlan } from "./beam-plan.ts";

/** Asks the model what may follow the beams, and keeps count. */
export class Expander {
  readonly #predictor: Predictor;
  readonly #transform: LogitsTransform;
  readonly #plan: BeamPlan;
  steps = 0;
  readTokens = 0;
  reusedTokens = 0;

  constructor(predictor: Predictor, transform: LogitsTransform, plan: BeamPlan) {
    this.#predictor = predictor;
    this.#transform = transform;
    this.#plan = plan;
  }

  /** One pass for all of them. What it gives tells how each goes on, once the ids are known that earlier groups chose in this step. */
  async predict(beams: readonly Beam[]): Promise<(beam: Beam, chosen: readonly number[]) => Expansion> {
    const { prompt, score } = this.#plan;
    // Groups begin alike, and may go on alike for a while: what is the same is read once.
    const distinct = new Map(beams.map((beam) => [String(beam.ids), beam]));
    const sequences = Array.from(distinct.values(), ({ ids }) => [...prompt, ...ids]);
    const predictions = await this.#predictor.predict(sequences, { attention: score.coverage === true });
    const read = predictions.reduce((sum, prediction) => sum + prediction.read, 0);
    if (this.steps++ === 0) this.reusedTokens = prompt.length - read;
    this.readTokens += read;
    const rows = new Map(Array.from(distinct.keys(), (key, row) => [key, row]));
    return (beam, chosen) => {
      const row = rows.get(String(beam.ids))!;
      return this.#expand(beam, sequences[row]!, predictions[row]!, chosen);
    };
  }

  #expand(beam: Beam, ids: readonly number[], prediction: Prediction, chosen: readonly number[]): Expansion {
    const { prompt, diversityPenalty } = this.#plan;
    const logits = prediction.logits[0]!;
    checkLogits(logits, `the model's logits after ${ids.length} tokens`);
    const normaliser = logSumExp(logits);
    const logProbabilities = logits.map((logit) => logit - normaliser);
    for (const id of chosen) logProbabilities[id]! -= diversityPenalty;
    return {
      beam,
      logits,
      normaliser,
      scores: this.#transform.apply(logProbabilities, { ids, promptLength: prompt.length }),
      coverage: covered(beam.coverage, prediction.attention),
    };
  }
}

/** The coverage with the weights of one more look at the source. */
function covered(before: Float64Array | undefined, weights: Float32Array | undefined): Float64Array | undefined {
  return weights && Float64Array.from(weights, (weight, i) => weight + (before?.[i] ?? 0));
}
