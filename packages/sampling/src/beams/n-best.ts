import { ConfigError } from "@tenon/tensor";
import type { Beam, EndedBeam } from "./beam.ts";
import type { BeamScore } from "./beam-score.ts";

/** The best of the beams that have ended, the best first; of equal ones the earlier. */
export class NBest {
  readonly #size: number;
  readonly #score: BeamScore;
  readonly #kept: EndedBeam[] = [];

  constructor(size: number, score: BeamScore) {
    this.#size = size;
    this.#score = score;
  }
  get kept(): readonly EndedBeam[] {
    return this.#kept;
  }
  add(beam: Beam, stopReason: EndedBeam["stopReason"]): void {
    const score = this.#score.score(beam.sum, beam.ids.length, beam.coverage);
    if (Number.isNaN(score)) {
      throw new ConfigError(
        `${this.#score.name} gave NaN for a sum of ${beam.sum} over ${beam.ids.length} tokens; a score is a number, the higher the better`,
        { score: this.#score.name, sum: beam.sum, length: beam.ids.length },
      );
    }
    const worse = this.#kept.findIndex((other) => other.score < score);
    this.#kept.splice(worse === -1 ? this.#kept.length : worse, 0, { beam, score, stopReason });
    if (this.#kept.length > this.#size) this.#kept.pop();
  }
  /** Is it full, and none of it worse than this score? */
  beats(score: number): boolean {
    return this.#kept.length === this.#size && this.#kept.at(-1)!.score >= score;
  }
}
