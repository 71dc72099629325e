type Numbers = Uint16Array | Uint32Array | Float32Array;

/** A typed array that grows: what comes one by one, and is a multiple of a list of numbers smaller. */
export class Growing<A extends Numbers> {
  #array: A;
  readonly #make: (length: number) => A;
  length = 0;

  constructor(make: (length: number) => A) {
    this.#make = make;
    this.#array = make(1024);
  }
  push(value: number): void {
    this.#reserve(this.length + 1);
    this.#array[this.length++] = value;
  }
  append(values: ArrayLike<number>): void {
    this.#reserve(this.length + values.length);
    this.#array.set(values, this.length);
    this.length += values.length;
  }
  /** What has come, without a copy. */
  view(): A {
    return this.#array.subarray(0, this.length) as A;
  }
  clear(): void {
    this.length = 0;
  }

  #reserve(length: number): void {
    if (length <= this.#array.length) return;
    const larger = this.#make(Math.max(length, 2 * this.#array.length));
    larger.set(this.view());
    this.#array = larger;
  }
}
