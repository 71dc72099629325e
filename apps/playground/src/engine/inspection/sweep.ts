import { ConfigError, reshape, scoped, slice, Scope, sub, type Tensor, tensor } from "@tenon/tensor";

import { mainSide } from "./anatomy.ts";
import { edited, seen } from "./at-points.ts";
import { mixIn, patchPoint } from "./edits-for.ts";
import { floatsOf } from "./floats-of.ts";
import { expectAlike } from "./interventions.ts";
import type { PatchPlace, SweepRequest } from "./intervention-data.ts";
import { predicting } from "./predicting.ts";
import type { Subject } from "./subject.ts";

/** About how many logits are computed at a time: 64 MiB. */
const most = 2 ** 24;

/**
 * Patches every layer and position in turn, and measures how much of a difference of two logits that restores: 0 where the prediction stays that of the text,
 * 1 where it becomes that of the other. Nothing of it is on the backend between two rows.
 *
 * Meng et al. 2022, "Locating and editing factual associations in GPT", section 2.
 */
export class Sweep {
  readonly rows: readonly string[];
  readonly before: number;
  readonly goal: number;
  readonly positions: number;
  readonly #places: readonly PatchPlace[];
  readonly #given: readonly Float32Array[];
  readonly #subject: Subject;
  readonly #request: SweepRequest;

  private constructor(
    subject: Subject,
    request: SweepRequest,
    found: { places: readonly PatchPlace[]; given: readonly Float32Array[]; before: number; goal: number },
  ) {
    this.#subject = subject;
    this.#request = request;
    this.#places = found.places;
    this.#given = found.given;
    this.positions = subject.main.tokens.length;
    this.before = found.before;
    this.goal = found.goal;
    this.rows = found.places.map(({ layer }) => (layer < 0 ? "embeddings" : `layer ${layer}`));
  }

  /** Runs both texts. Throws `ConfigError` for texts of different lengths, and for two tokens between which they make no difference. */
  static async begin(subject: Subject, other: Subject, request: SweepRequest): Promise<Sweep> {
    predicting(subject);
    expectAlike(subject, other);
    const { part } = request;
    const layers = mainSide(subject).layers.map((_, layer) => layer);
    const places = (part === "stream" ? [-1, ...layers] : layers).map((layer): PatchPlace => ({ layer, part }));
    const points = places.map((place) => patchPoint(subject, place).point);
    using scope = new Scope();
    const here = scope.run(() => difference(subject.forward(), request));
    const there = scope.run(() => {
      const { output, tensors } = seen(other.model, points, () => other.forward());
      return { goal: difference(output, request), tensors };
    });
    const [[before], [goal]] = await Promise.all([floatsOf(here), floatsOf(there.goal)]);
    if (Math.abs(goal! - before!) < 1e-6)
      throw new ConfigError(
        "both texts lead to the same difference between these two tokens, so there is nothing to restore. Choose two tokens that they disagree about.",
        { before: before!, goal: goal! },
      );
    const given: Float32Array[] = [];
    for (const stream of there.tensors) given.push(await floatsOf(stream));
    return new Sweep(subject, request, { places, given, before: before!, goal: goal! });
  }

  /** How much patching this row's layer restores, at each position. */
  async row(row: number): Promise<Float32Array> {
    const { model } = this.#subject;
    const t = this.positions;
    const restored = new Float32Array(t);
    const place = this.#places[row]!;
    const { point, positionAxis } = patchPoint(this.#subject, place);
    const values = this.#given[row]!;
    const atOnce = Math.min(t, Math.max(1, Math.floor(most / (t * model.vocabulary))));
    for (let first = 0; first < t; first += atOnce) {
      const chosen = Array.from({ length: Math.min(atOnce, t - first) }, (_, i) => [first + i]);
      using differences = scoped(() => {
        const given = tensor(values, [1, t, values.length / t], model.backend);
        const change = mixIn(given, { head: undefined, positionAxis }, chosen);
        const logits = edited(model, [{ ...point, change }], () => this.#subject.forward(chosen.length));
        return difference(logits, this.#request);
      });
      const found = await floatsOf(differences);
      restored.set(
        found.map((now) => (now - this.before) / (this.goal - this.before)),
        first,
      );
    }
    return restored;
  }
}

/** How far one token's logit is above the other's: [b, t, v] → [b]. */
function difference(logits: Tensor, { position, towards, from }: SweepRequest): Tensor {
  return scoped(() => {
    const here = slice(logits, 1, position, 1);
    return reshape(sub(slice(here, 2, towards, 1), slice(here, 2, from, 1)), [logits.shape[0]!]);
  });
}
