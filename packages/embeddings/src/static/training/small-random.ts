import { f64, type Func, i32, type Local, type Value, word32 } from "@tenon/wasm-assembler";

/**
 * Random numbers of the inner loops: xoroshiro64* (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators"), 64 bits of
 * state and 32 bits at a time, with the same numbers in TypeScript and in WebAssembly. The state lies in memory, so that both go on with
 * what the other left.
 *
 *     result = s₀ · 0x9e3779bb      s₁ ← s₁ ⊕ s₀      s₀ ← rotl(s₀, 26) ⊕ s₁ ⊕ (s₁ ≪ 9)      s₁ ← rotl(s₁, 13)
 */
export class SmallRandom {
  readonly #state: Int32Array;

  /** `state` are two numbers, not both 0. */
  constructor(state: Int32Array) {
    this.#state = state;
  }

  /** A whole number below 2³². */
  next(): number {
    const s0 = this.#state[0]!;
    const s1 = this.#state[1]! ^ s0;
    this.#state[0] = ((s0 << 26) | (s0 >>> 6)) ^ s1 ^ (s1 << 9);
    this.#state[1] = (s1 << 13) | (s1 >>> 19);
    return Math.imul(s0, factor) >>> 0;
  }

  /** A whole number below n, ⌊n · next / 2³²⌋. */
  below(n: number): number {
    return Math.floor(this.next() * (n / 2 ** 32));
  }
}

const factor = 0x9e3779bb | 0;

/** {@link SmallRandom} in WebAssembly: its state is taken from an address, held in variables, and left there. */
export class RandomCode {
  readonly #f: Func;
  readonly #at: Value<"i32">;
  readonly #s0: Local<"i32">;
  readonly #s1: Local<"i32">;

  constructor(f: Func, at: Value<"i32">) {
    this.#f = f;
    this.#at = at;
    this.#s0 = f.let(i32.load(at));
    this.#s1 = f.let(i32.load(at, 4));
  }

  next(): Local<"i32"> {
    const [f, s0, s1] = [this.#f, this.#s0, this.#s1];
    const result = f.let(word32.mul(s0, factor));
    s1.set(i32.xor(s1, s0));
    s0.set(i32.xor(i32.xor(word32.rotl(s0, 26), s1), word32.shl(s1, 9)));
    s1.set(word32.rotl(s1, 13));
    return result;
  }

  below(n: number): Value<"i32"> {
    return i32.truncF64(f64.mul(f64.ofUnsigned(this.next()), n / 2 ** 32));
  }

  /** Stores the state: to be called before the function ends, or calls another that draws. */
  leave(): void {
    this.#f.store("i32", this.#at, this.#s0);
    this.#f.store("i32", this.#at, this.#s1, 4);
  }
}
