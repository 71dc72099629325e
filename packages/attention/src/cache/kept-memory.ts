import { scoped, type Tensor, type Variable } from "@tenon/tensor";

import { room, selected, shared, write } from "./kept.ts";
import type { MemoryCache, Projected } from "./memory-cache.ts";

/**
 * The cache of a cross-attention: copies what is made of the memory at the first call, and gives the copies at the later ones, so that keys and
 * values of an encoder's output are computed once for a whole text. A tensor that has several names is kept once. For inference: what is cached
 * has no gradient.
 *
 * `once` throws `GradientError` within `valueAndGrad`; `select` throws `ConfigError` for a row that there is not.
 *
 * @example
 * ```ts
 * const on = cpu();
 * using cache = new KeptMemory();
 * const project = (): Projected => ({ keys: ones([1, 2, 7, 4], on), values: ones([1, 2, 7, 4], on) });
 * const first = cache.once(project);
 * console.log(cache.once(project).keys === first.keys); // true
 * ```
 */
export class KeptMemory implements MemoryCache {
  #kept: ReadonlyMap<string, Variable> | undefined;

  once(make: () => Projected): Projected {
    this.#kept ??= scoped(() => {
      const made = new Map(Object.entries(make()));
      const copies = new Map<Tensor, Variable>();
      try {
        for (const x of new Set(made.values())) {
          const copy = room(x.type, x.backend);
          copies.set(x, copy);
          write("KeptMemory", copy, x, 0, 0);
        }
      } catch (error) {
        dispose(copies);
        throw error;
      }
      return new Map([...made].map(([name, x]) => [name, copies.get(x)!]));
    });
    return Object.fromEntries([...this.#kept].map(([name, { value }]) => [name, value]));
  }

  select(rows: readonly number[]): void {
    this.#kept &&= eachOnce(this.#kept, (variable) => selected("KeptMemory", variable, rows));
  }

  fork(): KeptMemory {
    const other = new KeptMemory();
    other.#kept = this.#kept && eachOnce(this.#kept, shared);
    return other;
  }

  reset(): void {
    if (this.#kept !== undefined) dispose(this.#kept);
    this.#kept = undefined;
  }

  [Symbol.dispose](): void {
    this.reset();
  }
}

/** The same names, for variables of which those that have several names still do. */
function eachOnce(
  kept: ReadonlyMap<string, Variable>,
  change: (variable: Variable) => Variable,
): ReadonlyMap<string, Variable> {
  const changed = new Map([...new Set(kept.values())].map((variable) => [variable, change(variable)]));
  return new Map([...kept].map(([name, variable]) => [name, changed.get(variable)!]));
}

const dispose = (kept: ReadonlyMap<unknown, Variable>): void => kept.forEach((variable) => variable[Symbol.dispose]());
