import { expectThisCopy } from "./copies.ts";
import type { TypedArray } from "./dtype.ts";
import { BackendError } from "./errors.ts";
import type { Attrs, Inputs, Op } from "./op.ts";
import type { TensorType } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** Values to upload: at hand, to come, or made when they are needed, for a backend that computes nothing never asks. */
export type HostData = TypedArray | Promise<TypedArray> | (() => TypedArray);

/** Where and how ops are computed. A root holds storage and kernels; a decorator wraps another backend and adds one concern. */
export interface Backend {
  readonly name: string;
  /** What a decorator wraps; undefined for a root. */
  readonly inner: Backend | undefined;
  /** Enqueues the op; never blocks. `types` is what `infer` said. The results are the caller's and in no scope. */
  execute(op: Op, inputs: Inputs, attrs: Attrs, types: TensorType | readonly TensorType[]): Tensor | readonly Tensor[];
  /** Would a kernel of its own run, rather than the op's composition? */
  supports(op: Op, attrs: Attrs, inputs: readonly (TensorType | number | undefined)[]): boolean;
  /** Copies from the host at once; a promise is awaited in program order. The result is the caller's. `use` tells what it is for. */
  upload(data: HostData, type: TensorType, use?: "variable"): Tensor;
  /** Copies to the host once everything queued before it is done. */
  read(tensor: Tensor): Promise<TypedArray>;
  /** Undefined when what makes the tensor has run; else resolves once it has, or has failed, which is not an error here. */
  settled(tensor: Tensor): Promise<void> | undefined;
  /** A second owner of the same storage under a type of the same size. */
  share(tensor: Tensor, type: TensorType): Tensor;
  /** A tensor of a backend that this one wraps, seen from here. A root has none to lift. */
  lift(tensor: Tensor): Tensor;
  /** One of this backend's tensors as the wrapped backend holds it; on a root, an alias. */
  lower(tensor: Tensor): Tensor;
  /** Gives one handle's share of the storage back. */
  release(handle: unknown): void;
  /** What is alive now. */
  memory(): { readonly tensors: number; readonly bytes: number };
}

function wraps(a: Backend, b: Backend): boolean {
  for (let x = a.inner; x !== undefined; x = x.inner) if (x === b) return true;
  return false;
}

/** Of two backends in one chain of decorators, the outer one: it owns the result. Backends of different chains throw. */
export function outermost(a: Backend, b: Backend, op: string): Backend {
  if (a === b || wraps(a, b)) return a;
  if (wraps(b, a)) return b;
  for (const backend of [a, b]) expectThisCopy(backend, op);
  const where =
    a.name === b.name
      ? `the inputs live on two different backends, both called "${a.name}"`
      : `one input lives on "${a.name}", another on "${b.name}"`;
  throw new BackendError(
    `${op}: ${where}, and neither wraps the other. Make the backend once, and upload both to it.`,
    { op, backends: [a.name, b.name] },
  );
}
