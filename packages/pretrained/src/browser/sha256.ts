/** The first 32 bits of the fractional parts of a root of each of the first primes: where the standard's constants come from. */
function rootsOfPrimes(count: number, root: (prime: number) => number): Int32Array {
  const found: number[] = [];
  for (let each = 2; found.length < count; each++) if (found.every((prime) => each % prime !== 0)) found.push(each);
  return Int32Array.from(found, (prime) => ((root(prime) % 1) * 2 ** 32) | 0);
}

const start = rootsOfPrimes(8, Math.sqrt);
const roundConstants = rootsOfPrimes(64, Math.cbrt);
const block = 64;

/**
 * SHA-256 of bytes that come piece by piece (FIPS 180-4, 2015, section 6.2), for pages: WebCrypto wants the whole content in memory.
 */
export class Sha256 {
  readonly #state = start.slice();
  readonly #words = new Int32Array(64);
  /** The bytes of a block that is not full yet. */
  readonly #rest = new Uint8Array(block);
  #restLength = 0;
  #length = 0;

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let at = 0;
    if (this.#restLength > 0) {
      at = Math.min(block - this.#restLength, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#restLength);
      this.#restLength += at;
      if (this.#restLength < block) return;
      this.#compress(this.#rest, 0);
    }
    for (; at + block <= bytes.length; at += block) this.#compress(bytes, at);
    this.#rest.set(bytes.subarray(at));
    this.#restLength = bytes.length - at;
  }

  /** The 32 bytes of the sum. Nothing may follow. */
  digest(): Uint8Array {
    const bits = this.#length * 8;
    // A one, then zeros up to the last 8 bytes of a block, which say the length in bits.
    const zeros = (2 * block - 9 - this.#restLength) % block;
    const end = new Uint8Array(1 + zeros + 8);
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(1 + zeros, Math.floor(bits / 2 ** 32));
    view.setUint32(1 + zeros + 4, bits % 2 ** 32);
    this.update(end);
    const sum = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, index) => sum.setInt32(4 * index, word));
    return new Uint8Array(sum.buffer);
  }

  #compress(bytes: Uint8Array, at: number): void {
    const words = this.#words;
    for (let i = 0; i < 16; i++) {
      const byte = at + 4 * i;
      words[i] = (bytes[byte]! << 24) | (bytes[byte + 1]! << 16) | (bytes[byte + 2]! << 8) | bytes[byte + 3]!;
    }
    for (let i = 16; i < 64; i++) {
      const early = words[i - 15]!;
      const late = words[i - 2]!;
      const mixed = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      words[i] = (words[i - 16]! + mixed + words[i - 7]! + (turned(late, 17) ^ turned(late, 19) ^ (late >>> 10))) | 0;
    }
    const state = this.#state;
    // One by one: through an array this would be many times slower.
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    let e = state[4]!;
    let f = state[5]!;
    let g = state[6]!;
    let h = state[7]!;
    for (let i = 0; i < 64; i++) {
      const choice = (e & f) ^ (~e & g);
      const majority = (a & b) ^ (a & c) ^ (b & c);
      const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + choice + roundConstants[i]! + words[i]!) | 0;
      const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + majority) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
    state[4]! += e;
    state[5]! += f;
    state[6]! += g;
    state[7]! += h;
  }
}

function turned(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}
