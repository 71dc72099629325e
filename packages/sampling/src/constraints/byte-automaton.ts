import { ConfigError } from "@tenon/tensor";
import type { Constraint } from "./constraint.ts";
import { tokenConstraint } from "./tokens/token-constraint.ts";
import { type TokenPieces, vocabularyOf } from "./tokens/vocabulary.ts";

/**
 * A set of texts as you would write it yourself: what each byte of a text in UTF-8 does to a state.
 *
 * @example
 * ```ts
 * // Parentheses that match, three deep at most.
 * const nested: ByteAutomaton<number> = {
 *   start: 0,
 *   step: (depth, byte) => (byte === 40 && depth < 3 ? depth + 1 : byte === 41 && depth > 0 ? depth - 1 : undefined),
 *   accepts: (depth) => depth === 0,
 * };
 * const constraint = byteAutomaton(["(", ")", "()"], nested);
 * console.log(constraint.allowed(constraint.start, 1)); // [ 2 ]
 * ```
 */
export interface ByteAutomaton<S> {
  /** How error messages call it; "the automaton" by default. */
  readonly name?: string | undefined;
  readonly start: S;
  /** The state after a byte, from 0 to 255; undefined where no text goes on like this. Called again with the same, it returns the same. */
  step(state: S, byte: number): S | undefined;
  /** Is what was read a whole text? */
  accepts(state: S): boolean;
  /** Equal for states that mean the same. Needed where states are objects: without it they are compared with `===`. */
  key?(state: S): string | number;
}

/** A state of the automaton, one for each key. */
interface Place<S> {
  readonly state: S;
  readonly after: (Place<S> | undefined)[];
}

/**
 * The texts that an automaton over bytes accepts. How many tokens an end is away is found by a search, so that a token is only allowed where
 * the text can be completed. An automaton over token ids is a {@link Constraint} itself and needs no help.
 *
 * Throws `ConfigError` when no end is found with the vocabulary's tokens, when it accepts nothing but the empty text, for a property that does
 * not exist, and for states that are objects without a `key`.
 *
 * @example
 * ```ts
 * // Any number of letters a, in all a multiple of three.
 * const threes = byteAutomaton(["a", "aa"], {
 *   start: 0,
 *   step: (count, byte) => (byte === 97 ? (count + 1) % 3 : undefined),
 *   accepts: (count) => count === 0,
 * });
 * console.log(threes.allowed(threes.start, 2)); // [ 0, 1 ]
 * console.log(threes.allowed(threes.next(threes.start, 0), 1)); // [ 1 ]
 * ```
 */
export function byteAutomaton<S>(pieces: TokenPieces, automaton: ByteAutomaton<S>): Constraint {
  const unknown = Object.keys(automaton).find((name) => !["name", "start", "step", "accepts", "key"].includes(name));
  if (unknown !== undefined) {
    throw new ConfigError(`byteAutomaton() has no property ${unknown}; it has name, start, step, accepts and key.`, {
      key: unknown,
    });
  }
  const { name = "the automaton" } = automaton;
  const places = new Map<unknown, Place<S>>();
  const placeOf = (state: S): Place<S> => {
    if (automaton.key === undefined && typeof state === "object") {
      throw new ConfigError(
        `${name} has states that are objects: give key(state), a string or number that is equal for equal states.`,
      );
    }
    const key = automaton.key === undefined ? state : automaton.key(state);
    let place = places.get(key);
    if (place === undefined) {
      place = { state, after: [] };
      places.set(key, place);
    }
    return place;
  };
  return tokenConstraint<Place<S>>(
    {
      name,
      start: placeOf(automaton.start),
      step(place, byte) {
        if (!(byte in place.after)) {
          const state = automaton.step(place.state, byte);
          place.after[byte] = state === undefined ? undefined : placeOf(state);
        }
        return place.after[byte];
      },
      accepts: ({ state }) => automaton.accepts(state),
      tokens: () => 1,
      explain: () =>
        `${name} cannot be completed: no sequence of this vocabulary's tokens was found that it accepts. Look at step() and accepts(), or take other tokens.`,
    },
    vocabularyOf(pieces),
  );
}
