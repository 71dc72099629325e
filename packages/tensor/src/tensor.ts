import type { Backend } from "./backend.ts";
import { copyOf, thisCopy, type Copy } from "./copies.ts";
import type { DType, TypedArray } from "./dtype.ts";
import { BackendError } from "./errors.ts";
import type { Scope } from "./scope.ts";
import type { Shape, TensorType } from "./shape.ts";

/**
 * An immutable array of numbers that lives on one backend.
 *
 * Tensors come out of ops and of {@link tensor}; nobody calls the constructor but backends. Memory is given back when the
 * scope that holds the tensor ends, when it is disposed, or, as a net, when the garbage collector finds it.
 *
 * @example
 * ```ts
 * using x = tensor([1, 2, 3, 4], [2, 2], cpu());
 * console.log(x.shape, x.dtype, await x.read()); // [ 2, 2 ] f32 Float32Array(4) [ 1, 2, 3, 4 ]
 * ```
 */
export class Tensor {
  readonly type: TensorType;
  readonly backend: Backend;
  /** The backend's own; undefined once released. */
  handle: unknown;
  /** The scope that will free it; undefined when its holder must. */
  scope: Scope | undefined = undefined;
  /** Is it registered with the garbage collector's net? */
  guarded = false;

  constructor(type: TensorType, backend: Backend, handle: unknown) {
    this.type = type;
    this.backend = backend;
    this.handle = handle;
  }
  /** @internal */
  get [copyOf](): Copy {
    return thisCopy;
  }
  get shape(): Shape {
    return this.type.shape;
  }
  get dtype(): DType {
    return this.type.dtype;
  }
  get rank(): number {
    return this.type.shape.length;
  }
  /** False once its memory was given back. */
  get alive(): boolean {
    return this.handle !== undefined;
  }
  /** The values, copied to the host. The only place where anything waits; errors of queued work surface here. */
  async read(): Promise<TypedArray> {
    if (this.handle === undefined)
      throw new BackendError(
        "read of a tensor that was already freed. It left its scope: return it from the scope, or keep() it.",
      );
    return this.backend.read(this);
  }
  /** Gives the memory back now. Doing it twice is harmless. */
  [Symbol.dispose](): void {
    const handle = this.handle;
    if (handle === undefined) return;
    this.handle = undefined;
    if (this.guarded) {
      observer?.freed(this);
      net.unregister(this);
      this.guarded = false;
    }
    this.backend.release(handle);
  }
}

// The net catches what nobody freed. Only tensors outside every scope are registered, so the usual path never pays for it.
const net = new FinalizationRegistry<{ backend: Backend; handle: unknown; found: (() => void) | undefined }>(
  ({ backend, handle, found }) => {
    backend.release(handle);
    found?.();
  },
);

/** Registers a tensor that no scope holds with the garbage collector's net. `holder` is the variable that it belongs to. */
export function guard(tensor: Tensor, holder?: object): void {
  if (tensor.handle === undefined) return;
  const found = tensor.guarded && holder === undefined ? undefined : observer?.guarded(tensor, holder);
  if (tensor.guarded) return;
  tensor.guarded = true;
  net.register(tensor, { backend: tensor.backend, handle: tensor.handle, found }, tensor);
}

/** Sees where tensors come from and go: the test mode that finds leaks. */
export interface Observer {
  /** A result, or an upload, was put into the active scope or the net. */
  made(tensor: Tensor, by: string): void;
  /** It belongs to a backend's caller from here on, who may put it somewhere. */
  handedOver(tensor: Tensor): void;
  /** It is in the net. What is returned is called if the garbage collector finds it there. */
  guarded(tensor: Tensor, holder: object | undefined): (() => void) | undefined;
  /** It was taken out of the net and freed. */
  freed(tensor: Tensor): void;
}
let observer: Observer | undefined;

/** Who looks now: nobody, but in tests. */
export const currentObserver = (): Observer | undefined => observer;

/** Sets or takes away who looks. */
export function observe(next: Observer | undefined): void {
  observer = next;
}
