import { hasByte } from "./byte-set.ts";
import type { Expression, Expressions } from "./expression.ts";

/**
 * The least weight of a text of an expression, which is the sum of its bytes' weights: with weights of 1 its length, with 0 for every byte
 * whether there is one at all. `Infinity` where there is none. Names are measured together, as the least fixed point, once all are defined
 * (Knuth 1977, "A generalization of Dijkstra's algorithm").
 */
export class Shortest {
  readonly #expressions: Expressions;
  readonly #weights: ArrayLike<number>;
  readonly #known = new Map<Expression, number>();
  #named: ReadonlyMap<string, number> | undefined;

  constructor(expressions: Expressions, weights: ArrayLike<number>) {
    this.#expressions = expressions;
    this.#weights = weights;
  }

  of(expression: Expression): number {
    const known = this.#known.get(expression);
    if (known !== undefined) return known;
    this.#named ??= this.#measureNames();
    return this.#measure(expression, this.#named, this.#known);
  }

  #measureNames(): ReadonlyMap<string, number> {
    const { definitions } = this.#expressions;
    const named = new Map<string, number>();
    for (let changed = true; changed;) {
      changed = false;
      const round = new Map<Expression, number>();
      for (const [name, meaning] of definitions) {
        const weight = this.#measure(meaning, named, round);
        if (weight < (named.get(name) ?? Infinity)) {
          named.set(name, weight);
          changed = true;
        }
      }
    }
    return named;
  }

  #measure(from: Expression, named: ReadonlyMap<string, number>, known: Map<Expression, number>): number {
    const found = known.get(from);
    if (found !== undefined) return found;
    // Sequences are walked and not descended into: a long text must not exhaust the stack.
    const chain: Expression[] = [];
    let at = from;
    while (at.kind === "sequence" && !known.has(at)) {
      chain.push(at);
      at = at.rest;
    }
    let weight = known.get(at) ?? this.#plain(at, named, known);
    known.set(at, weight);
    for (const each of chain.reverse()) {
      if (each.kind === "sequence") weight += this.#measure(each.first, named, known);
      known.set(each, weight);
    }
    return weight;
  }

  #plain(at: Expression, named: ReadonlyMap<string, number>, known: Map<Expression, number>): number {
    switch (at.kind) {
      case "nothing":
        return Infinity;
      case "bytes": {
        let least = Infinity;
        for (let byte = 0; byte < 256; byte++)
          if (this.#weights[byte]! < least && hasByte(at.set, byte)) least = this.#weights[byte]!;
        return least;
      }
      case "choice":
        return at.options.reduce((least, option) => Math.min(least, this.#measure(option, named, known)), Infinity);
      case "repeat":
        return at.min === 0 ? 0 : at.min * this.#measure(at.item, named, known);
      case "reference":
        return named.get(at.name) ?? Infinity;
      default:
        return 0;
    }
  }
}
