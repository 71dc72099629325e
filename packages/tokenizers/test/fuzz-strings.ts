import pieces from "../goldens/fuzz-pieces.json" with { type: "json" };

/** A small generator of 32-bit numbers (mulberry32), the same in Python and JavaScript. */
export class SmallRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed % 2 ** 32) | 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  below(n: number): number {
    return this.next() % n;
  }

  oneOf<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

function randomCharacter(random: SmallRandom): string {
  const [first, last] = random.oneOf(pieces.ranges) as [number, number];
  return String.fromCodePoint(first + random.below(last - first + 1));
}

function piece(random: SmallRandom, index: number): string {
  const kind = random.below(32);
  if (kind < 9) return random.oneOf(pieces.words);
  if (kind < 17) return random.oneOf(pieces.spaces);
  if (kind < 21) return random.oneOf(pieces.marks);
  if (kind < 23) return random.oneOf(pieces.emoji);
  if (kind < 25) return random.oneOf(pieces.specials);
  if (kind < 26) return random.oneOf(pieces.controls);
  if (kind < 31) return Array.from({ length: 1 + random.below(6) }, () => randomCharacter(random)).join("");
  if (index < 100) return "e\u0301\u0323\u0327\u0345";
  const unit = random.oneOf(["a", "ab", "の", "e\u0301", "😀", "\u0301", " ", "xyz1"]);
  return unit.repeat(1 + random.below(120));
}

/** The string with this number, the same that goldens/fuzz_strings.py draws; the first hundred are short. */
export function fuzzString(index: number): string {
  const random = new SmallRandom(index * 2654435761 + 8);
  const count = index < 100 ? 1 + random.below(4) : random.below(14);
  return Array.from({ length: count }, () => piece(random, index)).join("");
}
