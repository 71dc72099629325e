/** One character of a text that replaces another, and how it came about; see {@link AlignedText.transform}. */
export type Change = readonly [character: string, change: number];

/**
 * A text together with where each of its UTF-16 code units stood in the text that it was made from.
 *
 * Normalisers make one from another, pre-tokenisers cut it. Places in the original count characters (code points), as in the reference; both units of
 * a surrogate pair have the span of the whole character, so a span never splits one.
 */
export class AlignedText {
  readonly text: string;
  /** Begin and end in the original of unit `i`, at `2 i` and `2 i + 1`. */
  readonly #spans: Int32Array;
  /** The place in the original where this piece was cut from it; normalising a piece does not move it. */
  readonly origin: number;

  constructor(text: string, spans: Int32Array, origin: number) {
    this.text = text;
    this.#spans = spans;
    this.origin = origin;
  }

  static of(text: string): AlignedText {
    const spans = new Int32Array(2 * text.length);
    let [unit, place] = [0, 0];
    for (const character of text) {
      for (const end = unit + character.length; unit < end; unit++) {
        spans[2 * unit] = place;
        spans[2 * unit + 1] = place + 1;
      }
      place++;
    }
    return new AlignedText(text, spans, 0);
  }

  get length(): number {
    return this.text.length;
  }

  /** Where the units from `begin` to `end` stood, in characters of the original. */
  span(begin: number, end: number): [begin: number, end: number] {
    return begin < end ? [this.#spans[2 * begin]!, this.#spans[2 * end - 1]!] : [this.origin, this.origin];
  }

  slice(begin: number, end: number): AlignedText {
    const spans = this.#spans.subarray(2 * begin, 2 * end);
    return new AlignedText(this.text.slice(begin, end), spans, spans[0] ?? this.origin);
  }

  /** The units from `begin` to `end`, with the origin of the whole: the rest has been normalised away, not cut off. */
  keep(begin: number, end: number): AlignedText {
    return new AlignedText(this.text.slice(begin, end), this.#spans.subarray(2 * begin, 2 * end), this.origin);
  }

  /** The characters that `keep` wants. */
  filter(keep: (character: string) => boolean): AlignedText {
    const builder = new Builder();
    let unit = 0;
    for (const character of this.text) {
      if (keep(character)) builder.push(character, ...this.span(unit, unit + character.length));
      unit += character.length;
    }
    return builder.build(this);
  }

  /** Each character becomes those that `map` gives, which all stand where it stood. */
  map(map: (character: string) => string): AlignedText {
    const builder = new Builder();
    let unit = 0;
    for (const character of this.text) {
      builder.push(map(character), ...this.span(unit, unit + character.length));
      unit += character.length;
    }
    return builder.build(this);
  }

  /** Puts `text` before the first character, where it then stands; an empty text stays empty. */
  prepend(text: string): AlignedText {
    const first = this.text.codePointAt(0);
    if (first === undefined) return this;
    const builder = new Builder();
    builder.push(text, ...this.span(0, first > 0xffff ? 2 : 1));
    builder.copy(this, 0, this.length);
    return builder.build(this);
  }

  /** Replaces the given ranges, which are in order; what replaces one stands where its last character stood. */
  replace(ranges: Iterable<readonly [begin: number, end: number]>, content: string): AlignedText {
    const builder = new Builder();
    let last = 0;
    for (const [begin, end] of ranges) {
      builder.copy(this, last, begin);
      builder.push(content, ...(end === 0 ? this.span(0, 0) : this.span(end - 1, end)));
      last = end;
    }
    if (last === 0) return this;
    builder.copy(this, last, this.length);
    return builder.build(this);
  }

  /**
   * Rewrites the text character by character. A change of 0 says that the new character takes the next old one's place, `-n` that it takes the
   * place of that one and the `n` after it vanish, `1` that it is new and stands where the old one before it stood. These are the rules of the
   * reference, by position alone, so that spans agree with it also where characters have been reordered.
   */
  transform(changes: Iterable<Change>): AlignedText {
    const builder = new Builder();
    let [before, next] = [0, 0]; // the old character last passed, and the one to pass
    const pass = () => {
      before = next;
      if (next < this.length) next += this.text.codePointAt(next)! > 0xffff ? 2 : 1;
    };
    for (const [character, change] of changes) {
      if (change <= 0) pass();
      builder.push(character, ...this.span(before, next));
      for (let removed = change; removed < 0; removed++) pass();
    }
    return builder.build(this);
  }

  /** @internal */
  static copySpans(from: AlignedText, begin: number, end: number, to: number[]): void {
    for (let index = 2 * begin; index < 2 * end; index++) to.push(from.#spans[index]!);
  }
}

class Builder {
  readonly #parts: string[] = [];
  readonly #spans: number[] = [];

  push(text: string, begin: number, end: number): void {
    this.#parts.push(text);
    for (let unit = 0; unit < text.length; unit++) this.#spans.push(begin, end);
  }

  copy(from: AlignedText, begin: number, end: number): void {
    if (begin >= end) return;
    this.#parts.push(from.text.slice(begin, end));
    AlignedText.copySpans(from, begin, end, this.#spans);
  }

  build(from: AlignedText): AlignedText {
    return new AlignedText(this.#parts.join(""), Int32Array.from(this.#spans), from.origin);
  }
}
