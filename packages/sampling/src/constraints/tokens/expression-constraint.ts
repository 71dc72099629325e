import type { Constraint } from "../constraint.ts";
import { Derivatives } from "../bytes/derivatives.ts";
import { type Expression, Expressions } from "../bytes/expression.ts";
import { refuseLeftRecursion } from "../bytes/left-recursion.ts";
import { Shortest } from "../bytes/shortest.ts";
import { tokenConstraint } from "./token-constraint.ts";
import { type TokenPieces, type Vocabulary, vocabularyOf } from "./vocabulary.ts";

const ones = new Float64Array(256).fill(1);

/** The texts of the expression that `build` makes, as a constraint. */
export function expressionConstraint(
  name: string,
  pieces: TokenPieces,
  build: (expressions: Expressions) => Expression,
): Constraint<Expression> {
  const vocabulary = vocabularyOf(pieces);
  const expressions = new Expressions();
  const start = build(expressions);
  const bytes = new Shortest(expressions, ones);
  const shares = new Shortest(expressions, vocabulary.shares);
  const nullable = (expression: Expression): boolean => bytes.of(expression) === 0;
  refuseLeftRecursion(expressions, nullable);
  const derivatives = new Derivatives(expressions, nullable);
  const steps: (Expression | undefined)[][] = [];
  return tokenConstraint(
    {
      name,
      start,
      step(state, byte) {
        // A walk through the vocabulary asks the same many times: an index is quicker than the maps behind it.
        const next = (steps[state.id] ??= []);
        if (!(byte in next)) {
          const after = derivatives.after(state, byte);
          next[byte] = shares.of(after) === Infinity ? undefined : after;
        }
        return next[byte];
      },
      accepts: nullable,
      bytes: (state) => bytes.of(state),
      // Shares are fractions, and their sum may be off in the last digits.
      tokens: (state) => Math.ceil(shares.of(state) - 1e-6),
      explain: () => explain(name, start, expressions, derivatives, vocabulary),
    },
    vocabulary,
  );
}

/** Names the character that stands in the way, in a text that has as few of them as possible. */
function explain(
  name: string,
  start: Expression,
  expressions: Expressions,
  derivatives: Derivatives,
  vocabulary: Vocabulary,
): string {
  const weights = vocabulary.shares.map((share) => (share === Infinity ? 1e6 : 1));
  const shortest = new Shortest(expressions, weights);
  if (shortest.of(start) === Infinity) return `${name} describes no text at all: nothing could be generated.`;

  const text: number[] = [];
  for (let at = start; shortest.of(at) > 0;) {
    let best = 0;
    const weight = (byte: number): number => weights[byte]! + shortest.of(derivatives.after(at, byte));
    for (let byte = 1; byte < 256; byte++) if (weight(byte) < weight(best)) best = byte;
    text.push(best);
    at = derivatives.after(at, best);
  }
  const reached = furthest(text, vocabulary);
  if (reached === text.length) return `No text of ${name} was found that this vocabulary's tokens can write.`;
  const decoded = (bytes: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(bytes));
  let from = reached;
  while (text[from]! >> 6 === 0b10) from--;
  const [character] = decoded(text.slice(from));
  return (
    `${name} cannot be written with the tokens of this vocabulary: none writes the ${JSON.stringify(character)} ` +
    `of ${JSON.stringify(decoded(text))}.`
  );
}

/** How far tokens come in a text. */
function furthest(text: readonly number[], { bytes }: Vocabulary): number {
  const reached = new Set([0]);
  // A set is walked in the order of insertion, with what is added on the way.
  for (const from of reached) {
    for (const token of bytes) {
      if (token !== undefined && token.every((byte, index) => text[from + index] === byte))
        reached.add(from + token.length);
    }
  }
  return Math.max(...reached);
}
