import type { TypedArray } from "./dtype.ts";
import type { Attrs, Mapped, Op } from "./op.ts";
import type * as composites from "./ops/composites.ts";
import type * as primitives from "./ops/primitives.ts";
import type { TensorType } from "./shape.ts";

/** How a backend holds data of type D (a typed array, a texture, a GPU buffer). */
export interface Storage<D> {
  /** Fresh storage. Whether it is filled with zeros is for the backend's kernels to know. */
  allocate(type: TensorType): D;
  /** `use` tells what the tensor is for: a variable's value stays, so arranging it for the kernels may pay. */
  upload(data: TypedArray, type: TensorType, use?: "variable"): D;
  read(data: D, type: TensorType): TypedArray | Promise<TypedArray>;
  free(data: D, type: TensorType): void;
}

/** What a kernel may ask about the call that it serves. */
export interface Call<D> {
  readonly inputs: readonly (TensorType | number | undefined)[];
  /** The first output's type. */
  readonly output: TensorType;
  readonly outputs: readonly TensorType[];
  /** Fresh storage, as the backend's `Storage.allocate` gives it: for a result, or for room to work in, which is freed when the kernel has returned. */
  allocate(type: TensorType): D;
  /** Update ops: input i's own storage when nobody else holds it, to be overwritten; else undefined. */
  reuse(input: number): D | undefined;
}

type Run<D, I, A, R> = (inputs: Mapped<I, D>, attrs: A, call: Call<D>) => Mapped<R, D> | Promise<Mapped<R, D>>;
/**
 * The kernel of one op: a function, or one that first says which calls it takes; the others run the op's composition. What it
 * returns is storage of its own, from `call.allocate` or `call.reuse`, never an input's: each result is freed by itself.
 */
export type KernelFor<D, O> =
  O extends Op<infer I, infer A, infer R>
    ? | Run<D, I, A, R>
      | { readonly accepts: (attrs: A, inputs: Mapped<I, TensorType>) => boolean; readonly run: Run<D, I, A, R> }
    : never;
/** Every primitive, and whichever composites the backend makes faster. A missing primitive does not compile. */
export type KernelTable<D> = { readonly [K in keyof typeof primitives]: KernelFor<D, (typeof primitives)[K]> } & {
  readonly [K in keyof typeof composites]?: KernelFor<D, (typeof composites)[K]>;
};

/** A kernel for an op that the table has never heard of: a stranger's `vendor/op`. Make one with {@link kernelFor}. */
export interface ExtraKernel<D> {
  readonly name: string;
  readonly kernel: AnyKernel<D>;
}
/**
 * Pairs a kernel with an op that the table of kernels does not know, and checks the types of the one against those of the other.
 *
 * @example
 * ```ts
 * const twiceOp: Composite<[x: Tensor], None> = {
 *   kind: "composite",
 *   name: "vendor/twice",
 *   infer: ([x]) => x,
 *   compose: ([x]) => add(x, x),
 * };
 * const on = cpu({
 *   extra: [
 *     kernelFor(twiceOp, ([x], _, call) => {
 *       const y = call.allocate(call.output);
 *       for (let i = 0; i < y.length; i++) y[i] = 2 * x[i]!;
 *       return y;
 *     }),
 *   ],
 * });
 * console.log(on.supports(twiceOp, none, [{ dtype: "f32", shape: [3] }])); // true
 * ```
 */
export const kernelFor = <D, O extends Op>(op: O, kernel: KernelFor<D, O>): ExtraKernel<D> => ({
  name: op.name,
  kernel: kernel as never,
});

/** Any kernel, as a backend that does not know its op handles it. */
export type AnyRun<D> = (
  inputs: readonly (D | number | undefined)[],
  attrs: Attrs,
  call: Call<D>,
) => D | readonly D[] | Promise<D | readonly D[]>;
export type AnyKernel<D> =
  | AnyRun<D>
  | { accepts(attrs: Attrs, inputs: readonly (TensorType | number | undefined)[]): boolean; run: AnyRun<D> };
