import { byteRange, type ByteSet } from "./byte-set.ts";

/** A set of byte strings. Equal structure is the same object, so that what is known of one can be kept in a map. */
export type Expression =
  | { readonly id: number; readonly kind: "nothing" | "empty" }
  | { readonly id: number; readonly kind: "bytes"; readonly set: ByteSet }
  | { readonly id: number; readonly kind: "sequence"; readonly first: Expression; readonly rest: Expression }
  | { readonly id: number; readonly kind: "choice"; readonly options: readonly Expression[] }
  | {
      readonly id: number;
      readonly kind: "repeat";
      readonly item: Expression;
      readonly min: number;
      readonly max: number;
    }
  | { readonly id: number; readonly kind: "reference"; readonly name: string };

type Body<E> = E extends Expression ? Omit<E, "id"> : never;

const encoder = new TextEncoder();

/**
 * Makes expressions in a normal form that keeps derivatives few: sequences lean to the right, choices are flat, sorted and without
 * duplicates, bytes beside bytes are one set. Repetitions are counted, never written out.
 */
export class Expressions {
  readonly #known = new Map<string, Expression>();
  readonly #definitions = new Map<string, Expression>();
  /** No text at all. */
  readonly nothing: Expression = this.#intern("nothing", { kind: "nothing" });
  /** The text of no bytes. */
  readonly empty: Expression = this.#intern("empty", { kind: "empty" });

  bytes(set: ByteSet): Expression {
    return set === 0n ? this.nothing : this.#intern(`bytes ${set.toString(36)}`, { kind: "bytes", set });
  }

  /** Exactly this text, in UTF-8. */
  text(text: string): Expression {
    return this.literal(encoder.encode(text));
  }

  literal(bytes: Iterable<number>): Expression {
    return this.sequence(...Array.from(bytes, (byte) => this.bytes(byteRange(byte, byte))));
  }

  sequence(...parts: readonly Expression[]): Expression {
    return parts.reduceRight((rest, first) => this.#pair(first, rest), this.empty);
  }

  #pair(first: Expression, rest: Expression): Expression {
    if (first === this.nothing || rest === this.nothing) return this.nothing;
    if (first === this.empty) return rest;
    if (rest === this.empty) return first;
    // Walked and not descended into: a long text must not exhaust the stack.
    const parts: Expression[] = [];
    let last = first;
    for (; last.kind === "sequence"; last = last.rest) parts.push(last.first);
    const join = (after: Expression, part: Expression): Expression =>
      this.#intern(`sequence ${part.id} ${after.id}`, { kind: "sequence", first: part, rest: after });
    return parts.reduceRight(join, join(rest, last));
  }

  choice(...options: readonly Expression[]): Expression {
    const flat = new Set<Expression>();
    let set: ByteSet = 0n;
    for (const option of options) {
      for (const each of option.kind === "choice" ? option.options : [option]) {
        if (each.kind === "bytes") set |= each.set;
        else if (each !== this.nothing) flat.add(each);
      }
    }
    if (set !== 0n) flat.add(this.bytes(set));
    if (flat.size === 0) return this.nothing;
    const sorted = [...flat].sort((a, b) => a.id - b.id);
    if (sorted.length === 1) return sorted[0]!;
    return this.#intern(`choice ${sorted.map(({ id }) => id).join(" ")}`, { kind: "choice", options: sorted });
  }

  optional(item: Expression): Expression {
    return this.choice(this.empty, item);
  }

  /** From `min` to `max` times, which may be `Infinity`. */
  repeat(item: Expression, min: number, max: number = Infinity): Expression {
    if (min > max || (item === this.nothing && min > 0)) return this.nothing;
    if (max === 0 || item === this.empty || item === this.nothing) return this.empty;
    if (min === 1 && max === 1) return item;
    return this.#intern(`repeat ${item.id} ${min} ${max}`, { kind: "repeat", item, min, max });
  }

  /** What is, or will be, defined by this name. */
  reference(name: string): Expression {
    return this.#intern(`reference ${name}`, { kind: "reference", name });
  }

  /** Gives a name its meaning, in which the name itself may occur. */
  define(name: string, meaning: Expression): void {
    this.#definitions.set(name, meaning);
  }

  get definitions(): ReadonlyMap<string, Expression> {
    return this.#definitions;
  }

  #intern(key: string, body: Body<Expression>): Expression {
    let expression = this.#known.get(key);
    if (expression === undefined) {
      expression = { id: this.#known.size, ...body };
      this.#known.set(key, expression);
    }
    return expression;
  }
}
