import { BackendError } from "./errors.ts";
import type { Call, Storage } from "./kernel.ts";
import type { Op } from "./op.ts";
import type { TensorType } from "./shape.ts";

/** A list of one or several results. */
export const listOf = <T>(x: T | readonly T[]): readonly T[] => (Array.isArray(x) ? (x as readonly T[]) : [x as T]);

/** One call of a kernel, as the kernel sees it. */
export class KernelCall<D> implements Call<D> {
  readonly inputs: readonly (TensorType | number | undefined)[];
  readonly #types: TensorType | readonly TensorType[];
  readonly #storage: Storage<D>;
  readonly #reusable: readonly (D | undefined)[] | undefined;
  constructor(
    inputs: readonly (TensorType | number | undefined)[],
    types: TensorType | readonly TensorType[],
    storage: Storage<D>,
    reusable: readonly (D | undefined)[] | undefined,
  ) {
    this.inputs = inputs;
    this.#types = types;
    this.#storage = storage;
    this.#reusable = reusable;
  }
  get outputs(): readonly TensorType[] {
    return listOf(this.#types);
  }
  get output(): TensorType {
    return Array.isArray(this.#types) ? (this.#types as readonly TensorType[])[0]! : (this.#types as TensorType); // asked in every kernel
  }
  allocate(type: TensorType): D {
    return this.#storage.allocate(type);
  }
  reuse(input: number): D | undefined {
    return this.#reusable?.[input];
  }
}

/** A kernel that returns its input would give one storage two owners, and the first to be freed would take it from the other. */
export function expectFresh(backend: string, op: Op, inputs: readonly unknown[], result: unknown): void {
  for (let i = 0; i < inputs.length; i++) {
    if (inputs[i] !== result) continue;
    throw new BackendError(`${backend}: the kernel of ${op.name} returned its input; it must return fresh storage`, {
      op: op.name,
      backend,
    });
  }
}
