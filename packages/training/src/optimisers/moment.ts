import { type Backend, type Shape, sizeOf, Variable } from "@tenon/tensor";

/** What an optimiser remembers, such as a running mean, in f32: on the host, zeros unless loaded, until the first step needs it on a backend. */
export class Moment {
  readonly shape: Shape;
  #loaded: Float32Array | undefined;
  #variable: Variable | undefined;

  constructor(shape: Shape) {
    this.shape = shape;
  }
  /** Where it lives; undefined while it is on the host. */
  get backend(): Backend | undefined {
    return this.#variable?.value.backend;
  }
  /** The variable that holds it, which is made on this backend if there is none yet. */
  on(backend: Backend): Variable {
    this.#variable ??= Variable.holding(backend.upload(this.#hostValues(), { dtype: "f32", shape: this.shape }));
    this.#loaded = undefined;
    return this.#variable;
  }
  async read(): Promise<Float32Array> {
    return Float32Array.from((await this.#variable?.host()) ?? this.#hostValues());
  }
  /** Begins again with these values, or with zeros. */
  load(values: Float32Array | undefined): void {
    this[Symbol.dispose]();
    this.#loaded = values?.slice();
  }
  #hostValues(): Float32Array {
    return this.#loaded ?? new Float32Array(sizeOf(this.shape));
  }
  [Symbol.dispose](): void {
    this.#variable?.[Symbol.dispose]();
    this.#variable = undefined;
    this.#loaded = undefined;
  }
}
