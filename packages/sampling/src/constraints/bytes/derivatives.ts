import { hasByte } from "./byte-set.ts";
import type { Expression, Expressions } from "./expression.ts";

/**
 * What may follow a byte: ∂_b e = { w : bw ∈ e }, itself an expression. Remembered for each expression and byte, so that the expressions that
 * are reached become the states of an automaton, made as they are needed.
 *
 * Brzozowski 1964, "Derivatives of regular expressions"; Owens, Reppy and Turon 2009, "Regular-expression derivatives re-examined".
 */
export class Derivatives {
  readonly #expressions: Expressions;
  readonly #nullable: (expression: Expression) => boolean;
  readonly #known: Map<number, Expression>[] = [];

  constructor(expressions: Expressions, nullable: (expression: Expression) => boolean) {
    this.#expressions = expressions;
    this.#nullable = nullable;
  }

  after(expression: Expression, byte: number): Expression {
    const known = (this.#known[expression.id] ??= new Map());
    let result = known.get(byte);
    if (result === undefined) {
      result = this.#derive(expression, byte);
      known.set(byte, result);
    }
    return result;
  }

  #derive(expression: Expression, byte: number): Expression {
    const make = this.#expressions;
    switch (expression.kind) {
      case "bytes":
        return hasByte(expression.set, byte) ? make.empty : make.nothing;
      case "sequence": {
        const { first, rest } = expression;
        const inFirst = make.sequence(this.after(first, byte), rest);
        return this.#nullable(first) ? make.choice(inFirst, this.after(rest, byte)) : inFirst;
      }
      case "choice":
        return make.choice(...expression.options.map((option) => this.after(option, byte)));
      case "repeat": {
        // Where an item may be empty, this holds what skipping items would give.
        const { item, min, max } = expression;
        return make.sequence(this.after(item, byte), make.repeat(item, Math.max(0, min - 1), max - 1));
      }
      case "reference":
        return this.after(make.definitions.get(expression.name)!, byte);
      default:
        return make.nothing;
    }
  }
}
