import { ConfigError } from "./errors.ts";

/** Two 32-bit words that name a stream of random numbers. Plain data, so an op can carry it as an attribute. */
export type RandomKey = readonly [number, number];

/** Refuses a key that is not two whole numbers, or a counter that is not one, which JavaScript would take for some other stream. */
export function checkKey(op: string, key: RandomKey, counter: number): void {
  if (key?.length === 2 && key.every(Number.isSafeInteger) && Number.isSafeInteger(counter)) return;
  throw new ConfigError(
    `${op}: needs random(seed).key, two whole numbers, and a whole number as counter, got ${String(key)} and ${counter}`,
    { key: key ?? null, counter },
  );
}

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/**
 * Threefry-2x32, 20 rounds: the counter-based generator of Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
 * Cell (c0, c1) of stream `key`, with nothing carried from call to call; additions, rotations and exclusive-ors of 32-bit words
 * only, so every backend can draw the same bits. Writes two unsigned words to `out`.
 */
export function threefry(key: RandomKey, c0: number, c1: number, out: Uint32Array): void {
  const k0 = key[0] | 0;
  const k1 = key[1] | 0;
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  for (let group = 1; group <= 5; group++) {
    const first = (group & 1) === 1 ? 0 : 4;
    for (let r = first; r < first + 4; r++) {
      const turn = rotations[r]!;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << turn) | (x1 >>> (32 - turn))) ^ x0;
    }
    const m = group % 3;
    x0 = (x0 + (m === 0 ? k0 : m === 1 ? k1 : k2)) | 0;
    x1 = (x1 + (m === 0 ? k1 : m === 1 ? k2 : k0) + group) | 0;
  }
  out[0] = x0;
  out[1] = x1;
}

const draw = new Uint32Array(2);
/** The top 24 bits of a word as a number in [0, 1): exact in f32, so it is the same on every backend. */
export const unit = (word: number): number => (word >>> 8) / 2 ** 24;

/** FNV-1a over UTF-16 code units, twice with different offsets: names a fork. */
function digest(name: string): RandomKey {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < name.length; i++) {
    a = Math.imul(a ^ name.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ name.charCodeAt(i), 0x01000193);
  }
  return [a | 0, b | 0];
}

/**
 * Seeded randomness as a value: the same numbers on every machine. Nothing in Tenon calls `Math.random`. Make one with {@link random}.
 *
 * A stream is named by its key and counts its draws; `fork(name)` names an independent stream without drawing from this one,
 * so adding a layer does not shift the numbers of its neighbours.
 *
 * @example
 * ```ts
 * const dice = random(7).fork("dice");
 * console.log(1 + dice.integer(6), 1 + dice.integer(6), dice.pick(["heads", "tails"])); // 1 2 heads
 * ```
 */
export class Random {
  readonly key: RandomKey;
  #drawn = 0;
  constructor(key: RandomKey) {
    this.key = key;
  }
  /** An independent stream; the same name gives the same stream, whatever was drawn here before. */
  fork(name: string | number): Random {
    const [a, b] = digest(typeof name === "number" ? `#${name}` : name);
    // Forks and draws must not meet: they use different keys, not only different counters.
    threefry([this.key[0] ^ 0x5bd1e995, this.key[1]], a, b, draw);
    return new Random([draw[0]! | 0, draw[1]! | 0]);
  }
  /** A number in [0, 1) with 24 random bits. */
  uniform(): number {
    const n = this.#drawn++;
    threefry(this.key, n >>> 1, Math.floor(n / 2 ** 32), draw);
    return unit(draw[n & 1]!);
  }
  /** A whole number in [0, n). Each is equally likely to within 2⁻²⁰ for n up to a million. */
  integer(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1)
      throw new ConfigError(`random.integer(n) needs a whole number n ≥ 1, got ${n}`, { n });
    return Math.floor((this.uniform() + this.uniform() / 2 ** 24) * n);
  }
  /** A draw from the standard normal distribution (Box and Muller 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }
  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new ConfigError("random.pick needs a list with at least one element");
    return list[this.integer(list.length)]!;
  }
  /** A new list in random order (Fisher and Yates). */
  shuffle<T>(list: readonly T[]): T[] {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [out[i], out[j]] = [out[j]!, out[i]!];
    }
    return out;
  }
}

/**
 * The generator with this seed, a whole number from 0 to 2⁵³ − 1. Throws `ConfigError` for any other.
 *
 * @example
 * ```ts
 * console.log(random(1).uniform() === random(1).uniform()); // true
 * ```
 */
export function random(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new ConfigError(`a seed is a whole number from 0 to 2^53 - 1, got ${seed}`, { seed });
  return new Random([seed | 0, Math.floor(seed / 2 ** 32) | 0]);
}
