import { ConfigError } from "@tenon/tensor";
import type { LogitsTransform } from "../transforms/logits-transform.ts";
import type { Constraint } from "./constraint.ts";

/** A state that was reached, and those that were reached from it. */
interface Place {
  readonly state: unknown;
  readonly after: Map<number, Place>;
}

/** A constraint as decoding follows it. */
export interface Followed {
  /** Excludes every id that may not come; a stop id stays where the constraint accepts, and nowhere else. */
  readonly transform: LogitsTransform;
  /** Is what was generated whole, and can nothing follow it? */
  ended(generated: readonly number[]): boolean;
}

/**
 * Follows a constraint along every sequence that is asked about; states are kept, so a sequence is walked and not worked out again. Throws
 * `ConfigError` when the text cannot be completed within so many tokens; on the way, where it can only go on with a stop token, and for an id that the
 * model does not have.
 */
export function follow(constraint: Constraint, stopIds: ReadonlySet<number>, maxTokens: number): Followed {
  // Whoever writes JavaScript is tempted to hand over the pattern or the schema itself.
  if (typeof constraint.allowed !== "function") {
    throw new ConfigError(
      "constraint is made by regex(pieces, pattern), jsonSchema(pieces, schema), choices or phrases, or has allowed, next and accepts of its own.",
    );
  }
  const start: Place = { state: constraint.start, after: new Map() };
  // The empty text is no way out without a token that ends it.
  const complete = stopIds.size > 0 && constraint.accepts(start.state);
  if (constraint.allowed(start.state, maxTokens).length === 0 && !complete) {
    throw new ConfigError(
      `${constraint.name} cannot be completed within ${maxTokens} tokens. Allow more, or constrain to something shorter.`,
      { constraint: constraint.name, maxTokens },
    );
  }
  const placeOf = (ids: readonly number[], from: number): Place => {
    let place = start;
    for (let i = from; i < ids.length; i++) {
      const id = ids[i]!;
      let next = place.after.get(id);
      if (next === undefined) {
        next = { state: constraint.next(place.state, id), after: new Map() };
        place.after.set(id, next);
      }
      place = next;
    }
    return place;
  };
  const allowed = (state: unknown, budget: number): number[] => {
    const all = Array.from(constraint.allowed(state, budget));
    const ids = all.filter((id) => !stopIds.has(id));
    if (constraint.accepts(state)) return [...ids, ...stopIds];
    if (ids.length > 0 || all.length === 0) return ids;
    throw new ConfigError(
      `${constraint.name} can only go on with token ${all[0]}, which is also a stop token: leave it out of stop, or out of what the constraint may write.`,
      { constraint: constraint.name, id: all[0] },
    );
  };
  return {
    transform: {
      name: constraint.name,
      apply(logits, { ids, promptLength = 0 }) {
        const { state } = placeOf(ids, promptLength);
        const kept = new Float32Array(logits.length).fill(-Infinity);
        for (const id of allowed(state, maxTokens - (ids.length - promptLength))) {
          if (!(id in logits)) throw foreign(constraint.name, id, logits.length);
          kept[id] = logits[id]!;
        }
        return kept;
      },
    },
    ended(generated) {
      const { state } = placeOf(generated, 0);
      return constraint.accepts(state) && constraint.allowed(state, maxTokens - generated.length).length === 0;
    },
  };
}

function foreign(constraint: string, id: number, vocabulary: number): ConfigError {
  return new ConfigError(
    `${constraint} allows token ${id}, but the model's ids go from 0 to ${vocabulary - 1}. Make it with the pieces of the model's own tokenizer.`,
    { constraint, id, vocabulary },
  );
}
