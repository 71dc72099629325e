import { transfer } from "comlink";

import type { Turns } from "../../workers/turns.ts";
import type { Models } from "../models.ts";
import type { OpenModel } from "../opened-model.ts";
import type { AttentionMaps } from "./attention-data.ts";
import { attentionMaps } from "./attention-maps.ts";
import { drawScheme } from "./draw-scheme.ts";
import type { AblateBy, Ablation, PatchPlace, SweepReading, SweepRequest } from "./intervention-data.ts";
import { ablated, patched } from "./interventions.ts";
import { logitLens } from "./logit-lens.ts";
import type { LensReading, Moved } from "./prediction-data.ts";
import type { SchemeDrawing, SchemeRequest } from "./scheme-data.ts";
import { readingOf } from "./reading.ts";
import { streamNorms } from "./stream-norms.ts";
import type { StreamNorms } from "./stream-data.ts";
import { inspectable, subjectOf } from "./subject.ts";
import type { Reading, Texts } from "./subject-data.ts";
import { Sweep } from "./sweep.ts";

/**
 * Looks inside the model that is open. Every method throws `ConfigError` when none is, for one that has no tokenizer or is of another kind, and for texts that cannot be
 * read.
 */
export class Inspection {
  readonly #turns: Turns;
  readonly #models: Pick<Models, "current">;
  #sweeps = 0;

  constructor(turns: Turns, models: Pick<Models, "current">) {
    this.#turns = turns;
    this.#models = models;
  }

  /** The tokens of the texts, and what can be asked of the model. */
  read(texts: Texts): Promise<Reading> {
    return this.#turns.take(() => readingOf(subjectOf(this.#models.current, texts)));
  }

  /** What every head looks at. */
  attention(texts: Texts): Promise<readonly AttentionMaps[]> {
    return this.#turns.take(async () => {
      const maps = await attentionMaps(subjectOf(this.#models.current, texts));
      const weights = maps.flatMap(({ layers }) => layers.flatMap(({ weights }) => weights?.buffer ?? []));
      return transfer(maps, [...new Set(weights)]);
    });
  }

  /** How long the residual stream is, and what adds to it. */
  stream(texts: Texts): Promise<readonly StreamNorms[]> {
    return this.#turns.take(() => streamNorms(subjectOf(this.#models.current, texts)));
  }

  /** What the model would say after each layer. */
  lens(texts: Texts): Promise<LensReading> {
    return this.#turns.take(() => logitLens(subjectOf(this.#models.current, texts)));
  }

  /** What the model says at a position when parts are taken out. */
  ablate(texts: Texts, ablations: readonly Ablation[], by: AblateBy, position: number): Promise<Moved> {
    return this.#turns.take(() => ablated(subjectOf(this.#models.current, texts), ablations, by, position));
  }

  /** What it says at a position when activations of another text take the place of this one's, at one position or at all. */
  patch(texts: Texts, other: Texts, place: PatchPlace, at: number | undefined, position: number): Promise<Moved> {
    return this.#turns.take(() => {
      const open = this.#models.current;
      return patched(subjectOf(open, texts), subjectOf(open, other), place, at, position);
    });
  }

  /**
   * Patches every layer and position, row by row: others have their turns in between. `stop` ends it, and so do another sweep and another model; what was done by then is
   * the result.
   */
  async sweep(
    texts: Texts,
    other: Texts,
    request: SweepRequest,
    progress?: (reading: SweepReading) => void,
  ): Promise<SweepReading> {
    const mine = ++this.#sweeps;
    const { open, sweep } = await this.#turns.take(async () => {
      const open = this.#models.current;
      return { open, sweep: await Sweep.begin(subjectOf(open, texts), subjectOf(open, other), request) };
    });
    const { rows, before, goal, positions } = sweep;
    const restored = new Float32Array(rows.length * positions).fill(NaN);
    const reading = (stopped: boolean): SweepReading => ({ rows, positions, restored, before, goal, stopped });
    for (const row of rows.keys()) {
      const values = await this.#turns.take(() => (this.#goesOn(mine, open) ? sweep.row(row) : undefined));
      if (values === undefined) return reading(true);
      restored.set(values, row * positions);
      progress?.(reading(false));
    }
    return reading(false);
  }

  /** Ends the sweep that is under way. */
  stop(): void {
    this.#sweeps++;
  }

  /** What a position scheme does. */
  scheme(request: SchemeRequest): Promise<SchemeDrawing> {
    return this.#turns.take(() => drawScheme(inspectable(this.#models.current), request));
  }

  #goesOn(sweep: number, open: OpenModel): boolean {
    return this.#sweeps === sweep && this.#models.current === open;
  }
}
