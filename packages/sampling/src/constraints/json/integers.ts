import type { Expression, Expressions } from "../bytes/expression.ts";
import { byteRange } from "../bytes/byte-set.ts";
import { refuse, type SchemaObject } from "./schema-context.ts";

/** Integers within bounds, and at most those that a double holds exactly: up to 2⁵³ − 1. */
export function integers(expressions: Expressions, schema: SchemaObject, path: string): Expression {
  const bound = (keyword: string, otherwise: number): number => {
    const value = schema[keyword] === undefined ? otherwise : schema[keyword];
    if (typeof value === "number" && Number.isFinite(value)) return value;
    return refuse(`${path}/${keyword}`, `is a number, got ${JSON.stringify(value)}.`);
  };
  const least = Math.max(
    -Number.MAX_SAFE_INTEGER,
    Math.ceil(bound("minimum", -Number.MAX_VALUE)),
    Math.floor(bound("exclusiveMinimum", -Number.MAX_VALUE)) + 1,
  );
  const most = Math.min(
    Number.MAX_SAFE_INTEGER,
    Math.floor(bound("maximum", Number.MAX_VALUE)),
    Math.ceil(bound("exclusiveMaximum", Number.MAX_VALUE)) - 1,
  );
  if (least > most) refuse(path, "has bounds that no integer keeps, or none that a double holds exactly.");
  const positive = most >= 0 ? counting(expressions, Math.max(0, least), most) : expressions.nothing;
  const negative = least < 0 ? counting(expressions, Math.max(1, -most), -least) : expressions.nothing;
  return expressions.choice(positive, expressions.sequence(expressions.text("-"), negative));
}

/** From `low` to `high`, without a sign: those of each number of digits. */
function counting(expressions: Expressions, low: number, high: number): Expression {
  const options: Expression[] = [];
  for (let digits = String(low).length; digits <= String(high).length; digits++) {
    const from = digits === String(low).length ? String(low) : `1${"0".repeat(digits - 1)}`;
    const to = digits === String(high).length ? String(high) : "9".repeat(digits);
    options.push(between(expressions, from, to));
  }
  return expressions.choice(...options);
}

/** All strings of digits between two of one length. */
function between(expressions: Expressions, low: string, high: string): Expression {
  if (low === "") return expressions.empty;
  const [first, last] = [low.charCodeAt(0), high.charCodeAt(0)];
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  const [zeros, nines] = ["0".repeat(lowRest.length), "9".repeat(lowRest.length)];
  const from = (a: number, b: number, rest: Expression): Expression =>
    a > b ? expressions.nothing : expressions.sequence(expressions.bytes(byteRange(a, b)), rest);
  if (first === last) return from(first, first, between(expressions, lowRest, highRest));
  if (lowRest === zeros && highRest === nines)
    return from(first, last, expressions.repeat(expressions.bytes(byteRange(0x30, 0x39)), zeros.length, zeros.length));
  return expressions.choice(
    from(first, first, between(expressions, lowRest, nines)),
    first + 1 > last - 1 ? expressions.nothing : from(first + 1, last - 1, between(expressions, zeros, nines)),
    from(last, last, between(expressions, zeros, highRest)),
  );
}
