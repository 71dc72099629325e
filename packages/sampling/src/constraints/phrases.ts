import { ConfigError } from "@tenon/tensor";
import type { Constraint } from "./constraint.ts";

/** What {@link phrases} takes besides its phrases. */
export interface PhrasesOptions {
  /** The ids between two phrases. With it the text is one phrase or several; without it, exactly one. */
  readonly separator?: readonly number[] | undefined;
}

/** What was written of a phrase or a separator. */
interface Place {
  readonly number: number;
  readonly children: Map<number, Place>;
  /** Whether a phrase ends here. */
  whole: boolean;
  /** The fewest ids to the end. */
  distance: number;
}

/**
 * One of these phrases, each a list of token ids; with a `separator`, a sequence of them that it stands between. The phrases are kept as a trie: the
 * ids that may come are the children of where the text is. For texts instead of ids, whatever their tokens, there is `choices`.
 *
 * Throws `ConfigError` for no phrases, for one without ids or with something else in it, for a separator without ids, and for options that do not
 * exist.
 *
 * De Cao, Izacard, Riedel and Petroni 2021, "Autoregressive entity retrieval".
 *
 * @example
 * ```ts
 * const titles = phrases([[5, 1], [5, 2, 3], [7]], { separator: [0] });
 * console.log(titles.allowed(titles.start, Infinity)); // [ 5, 7 ]
 * const written = [5, 2, 3].reduce((state, id) => titles.next(state, id), titles.start);
 * console.log(titles.accepts(written), titles.allowed(written, Infinity)); // true [ 0 ]
 * ```
 */
export function phrases(ids: readonly (readonly number[])[], options: PhrasesOptions = {}): Constraint {
  const unknown = Object.keys(options).find((key) => key !== "separator");
  if (unknown !== undefined)
    throw new ConfigError(`phrases() has no option ${unknown}; it has separator.`, { key: unknown });
  if (!Array.isArray(ids) || ids.length === 0)
    throw new ConfigError("phrases(ids) needs at least one phrase, such as [[5, 1], [7]].");
  for (const [index, phrase] of ids.entries()) checkIds(phrase, `phrase ${index}`);
  const { separator } = options;
  if (separator !== undefined) checkIds(separator, "separator");

  const trie = new Phrases();
  for (const phrase of ids) trie.insert(phrase);
  if (separator !== undefined) trie.separate(separator);
  return trie.constraint();
}

class Phrases {
  #count = 0;
  readonly #root: Place = this.#place(Infinity);
  /** Where a phrase has ended and a separator may begin. */
  #between: Place | undefined;

  #place(distance: number): Place {
    return { number: this.#count++, children: new Map(), whole: false, distance };
  }

  insert(phrase: readonly number[]): void {
    let place = this.#root;
    for (const [index, id] of phrase.entries()) {
      place.distance = Math.min(place.distance, phrase.length - index);
      const child = place.children.get(id) ?? this.#place(Infinity);
      place.children.set(id, child);
      place = child;
    }
    place.whole = true;
    place.distance = 0;
  }

  separate(separator: readonly number[]): void {
    let place = this.#root;
    for (const id of [...separator].reverse()) {
      const before = this.#place(place.distance + 1);
      before.children.set(id, place);
      place = before;
    }
    this.#between = place;
  }

  /** A phrase may go on as a longer one with what is also the separator, so a state is every place where the text may be. */
  constraint(): Constraint<readonly Place[]> {
    // Equal states are the same object, so that whoever remembers states finds them.
    const known = new Map<string, readonly Place[]>();
    const state = (places: Iterable<Place>): readonly Place[] => {
      const sorted = [...new Set(places)].sort((a, b) => a.number - b.number);
      const key = sorted.map(({ number }) => number).join(" ");
      const same = known.get(key) ?? sorted;
      known.set(key, same);
      return same;
    };
    const open = (places: readonly Place[]): readonly Place[] =>
      this.#between !== undefined && places.some(({ whole }) => whole) ? [...places, this.#between] : places;

    return {
      name: "phrases",
      start: state([this.#root]),
      allowed(places, budget) {
        const ids = new Set<number>();
        for (const { children } of open(places))
          for (const [id, child] of children) if (child.distance + 1 <= budget) ids.add(id);
        return [...ids].sort((a, b) => a - b);
      },
      next(places, id) {
        const after = open(places).flatMap(({ children }) => children.get(id) ?? []);
        if (after.length > 0) return state(after);
        throw new ConfigError(`Token ${id} may not come here: no phrase goes on with it.`, {
          constraint: "phrases",
          id,
        });
      },
      accepts: (places) => places.some(({ whole }) => whole),
    };
  }
}

function checkIds(ids: unknown, what: string): void {
  const isId = (id: unknown): boolean => Number.isSafeInteger(id) && (id as number) >= 0;
  if (Array.isArray(ids) && ids.length > 0 && ids.every(isId)) return;
  throw new ConfigError(`phrases(): ${what} is a list of at least one token id, got ${JSON.stringify(ids)}`, { ids });
}
