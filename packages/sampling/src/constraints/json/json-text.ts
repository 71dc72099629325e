import { byteRange } from "../bytes/byte-set.ts";
import { type CodePoints, except, inBoth } from "../bytes/code-points.ts";
import type { Expression, Expressions } from "../bytes/expression.ts";
import { utf8 } from "../bytes/utf8.ts";

/** What a string of JSON has to escape. */
const escaped: CodePoints = [[0, 0x1f], [0x22, 0x22], [0x5c, 0x5c]]; // prettier-ignore
const unescaped = except(escaped);

/** The pieces that JSON text is made of (Bray 2017, RFC 8259). */
export class JsonText {
  readonly expressions: Expressions;
  /** One character of a string in any spelling: itself, `\n`, or `\u00e9`. */
  readonly character: Expression;
  /** Any string. */
  readonly string: Expression;
  /** Any number that a double holds with all of its digits: 15 at most, and an exponent of two. */
  readonly number: Expression;

  constructor(expressions: Expressions) {
    this.expressions = expressions;
    const make = expressions;
    const oneOf = (characters: string): Expression => make.choice(...[...characters].map((each) => make.text(each)));
    const hex = oneOf("0123456789abcdefABCDEF");
    // D800 to DFFF are halves of surrogate pairs, which no text that is well-formed has.
    const plainHex = make.choice(
      make.sequence(oneOf("0123456789abcefABCEF"), hex),
      make.sequence(oneOf("dD"), oneOf("01234567")),
    );
    this.character = make.choice(
      utf8(expressions, unescaped),
      make.sequence(make.text("\\"), oneOf('"\\/bfnrt')),
      make.sequence(make.text("\\u"), plainHex, hex, hex),
    );
    this.string = this.quoted(make.repeat(this.character, 0));
    const digit = make.bytes(byteRange(0x30, 0x39));
    const whole = make.choice(
      make.text("0"),
      make.sequence(make.bytes(byteRange(0x31, 0x39)), make.repeat(digit, 0, 8)),
    );
    this.number = make.sequence(
      make.optional(make.text("-")),
      whole,
      make.optional(make.sequence(make.text("."), make.repeat(digit, 1, 6))),
      make.optional(make.sequence(oneOf("eE"), make.optional(oneOf("+-")), make.repeat(digit, 1, 2))),
    );
  }

  quoted(content: Expression): Expression {
    const quote = this.expressions.text('"');
    return this.expressions.sequence(quote, content, quote);
  }

  /** One of these characters in its usual spelling: escaped where it has to be, and only there. */
  spelled(ranges: CodePoints): Expression {
    const options = [utf8(this.expressions, inBoth(ranges, unescaped))];
    for (const [from, to] of inBoth(ranges, escaped)) {
      for (let codePoint = from; codePoint <= to; codePoint++)
        options.push(this.expressions.text(JSON.stringify(String.fromCodePoint(codePoint)).slice(1, -1)));
    }
    return this.expressions.choice(...options);
  }

  /** Any string but these, in its usual spelling. */
  stringExcept(strings: readonly string[]): Expression {
    const make = this.expressions;
    const any = this.spelled([[0, 0x10ffff]]);
    const rest = (words: readonly string[]): Expression => {
      if (words.length === 0) return make.repeat(any, 0);
      const first = new Set(words.filter((word) => word !== "").map((word) => word.codePointAt(0)!));
      const taken: CodePoints = [...first].map((codePoint) => [codePoint, codePoint]);
      return make.choice(
        words.includes("") ? make.nothing : make.empty,
        make.sequence(this.spelled(except(taken)), make.repeat(any, 0)),
        ...[...first].map((codePoint) => {
          const character = String.fromCodePoint(codePoint);
          const rests = words.filter((word) => word.startsWith(character)).map((word) => word.slice(character.length));
          return make.sequence(this.spelled([[codePoint, codePoint]]), rest(rests));
        }),
      );
    };
    return this.quoted(rest(strings));
  }
}
