import type { Call, Storage } from "./kernel.ts";
import type { TensorType } from "./shape.ts";

/** A list of one or several results. */
export const listOf = <T>(x: T | readonly T[]): readonly T[] => (Array.isArray(x) ? (x as readonly T[]) : [x as T]);

/** One call of a kernel, as the kernel sees it. Its fields are plain: one is made for every op, and private ones take longer to make. */
export class KernelCall<D> implements Call<D> {
  readonly inputs: readonly (TensorType | number | undefined)[];
  private readonly types: TensorType | readonly TensorType[];
  private readonly storage: Storage<D>;
  private readonly reusable: readonly (D | undefined)[] | undefined;
  // Most kernels allocate their one result and nothing else.
  private first: D | undefined;
  private firstType: TensorType | undefined;
  private more: { readonly data: D; readonly type: TensorType }[] | undefined;
  constructor(
    inputs: readonly (TensorType | number | undefined)[],
    types: TensorType | readonly TensorType[],
    storage: Storage<D>,
    reusable: readonly (D | undefined)[] | undefined,
  ) {
    this.inputs = inputs;
    this.types = types;
    this.storage = storage;
    this.reusable = reusable;
  }
  get outputs(): readonly TensorType[] {
    return listOf(this.types);
  }
  get output(): TensorType {
    return Array.isArray(this.types) ? (this.types as readonly TensorType[])[0]! : (this.types as TensorType); // asked in every kernel
  }
  allocate(type: TensorType): D {
    const data = this.storage.allocate(type);
    if (this.first === undefined) {
      this.first = data;
      this.firstType = type;
    } else (this.more ??= []).push({ data, type });
    return data;
  }
  reuse(input: number): D | undefined {
    return this.reusable?.[input];
  }
  /** Frees what the kernel allocated and did not return: room to work in, or all of it when it failed. */
  freeScratch(results: D | readonly D[] | undefined): void {
    if (this.first === undefined || (this.first === results && this.more === undefined)) return;
    const kept = listOf(results);
    for (const { data, type } of [{ data: this.first, type: this.firstType! }, ...(this.more ?? [])])
      if (!kept.includes(data)) this.storage.free(data, type);
  }
}
