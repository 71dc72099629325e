import type { BeamHypothesis } from "./beam-result.ts";

/** What one beam has generated so far. Values that never change: beams share them. */
export interface Beam {
  readonly ids: readonly number[];
  /** Under the model's own distribution, one for each id. */
  readonly logProbabilities: readonly number[];
  /** The sum of its tokens' scores, after diversity, constraint and transforms. */
  readonly sum: number;
  /** [s] weights: how much its tokens looked at each position of the source, where the score asks for it. */
  readonly coverage: Float64Array | undefined;
}

export const emptyBeam: Beam = { ids: [], logProbabilities: [], sum: 0, coverage: undefined };

/** A beam with what may follow it. */
export interface Expansion {
  readonly beam: Beam;
  /** The model's own logits [v], and the logarithm of the sum of their exponentials. */
  readonly logits: Float32Array;
  readonly normaliser: number;
  /** The score [v] that each id adds to the beam's sum. */
  readonly scores: Float32Array;
  /** That of every beam that this one becomes: the next id has looked where the model looked now, whichever it is. */
  readonly coverage: Float64Array | undefined;
}

/** The beam that goes on with this id. */
export function extended({ beam, logits, normaliser, scores, coverage }: Expansion, id: number): Beam {
  return {
    ids: [...beam.ids, id],
    logProbabilities: [...beam.logProbabilities, logits[id]! - normaliser],
    sum: beam.sum + scores[id]!,
    coverage,
  };
}

/** A beam that has ended. */
export interface EndedBeam {
  readonly beam: Beam;
  readonly score: number;
  readonly stopReason: BeamHypothesis["stopReason"];
}
