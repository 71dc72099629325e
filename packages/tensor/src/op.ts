import { outermost, type Backend } from "./backend.ts";
import { expectThisCopy } from "./copies.ts";
import { isQuantized, type DType } from "./dtype.ts";
import { BackendError, DTypeError } from "./errors.ts";
import { track } from "./scope.ts";
import type { TensorType } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** An attribute is data: it prints, it saves, it keys a compiled kernel. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** The attributes of an op: what it needs to know beside its inputs. */
export type Attrs = { readonly [key: string]: Json };
/** The type of the attributes of an op that has none. */
export type None = Record<string, never>;
/** The attributes of an op that has none, as a value: see {@link apply}. */
export const none: None = Object.freeze({});

/** A number takes the other operand's dtype, needs no storage and never keys a compiled kernel. */
export type Input = Tensor | number | undefined;
/** What an op is given. */
export type Inputs = readonly Input[];
/** What an op gives: a tensor, or a list of them. */
export type Outputs = Tensor | readonly Tensor[];

/** `[x: Tensor, bias: Tensor | undefined]` with T for Tensor; keeps labels, optionality and rest elements. */
export type Mapped<X, T> = X extends Tensor ? T : { readonly [K in keyof X]: Swap<X[K], T> };
type Swap<E, T> = E extends Tensor ? T : E;

/** What a gradient rule sees. Shapes are always there; values only as far as `saves` says. */
export interface GradientCall<I extends Inputs, A extends Attrs, O extends Outputs> {
  readonly inputs: I;
  readonly output: O;
  readonly upstream: O extends Tensor ? Tensor : { readonly [K in keyof O]: Tensor | undefined };
  readonly attrs: A;
}
/** One gradient per input, computed only when somebody asks for it. */
export type Gradients<I> = { readonly [K in keyof I]: (() => Tensor) | undefined };

interface Base<I extends Inputs, A extends Attrs, O extends Outputs> {
  readonly name: string;
  /** The types of the results, from the types of the inputs; throws when they do not fit. */
  readonly infer: (inputs: Mapped<I, TensorType>, attrs: A) => Mapped<O, TensorType>;
  /** A function: the rule. `null`: there is no derivative. Absent: differentiate the composition. */
  readonly gradient?: ((call: GradientCall<I, A, O>) => Gradients<I>) | null;
  /** What the rule reads; the rest is freed. Default "both". */
  readonly saves?: "none" | "inputs" | "output" | "both";
  /** Attributes that change from call to call and so must not key a compiled kernel. */
  readonly dynamic?: readonly (keyof A)[];
  /** Does it know what to do with the levels of a quantised weight? All other ops refuse them before `infer` sees them. */
  readonly takesQuantized?: true;
  /** Floating-point operations of one call. Absent: one for each element of the results. */
  readonly flops?: (inputs: Mapped<I, TensorType>, outputs: Mapped<O, TensorType>, attrs: A) => number;
}
/** An op that every backend brings a kernel for. */
export interface Primitive<I extends Inputs, A extends Attrs, O extends Outputs = Tensor> extends Base<I, A, O> {
  readonly kind: "primitive";
}
/** An op with a meaning in smaller ops; a backend may bring a kernel for it. */
export interface Composite<I extends Inputs, A extends Attrs, O extends Outputs = Tensor> extends Base<I, A, O> {
  readonly kind: "composite";
  readonly compose: (inputs: I, attrs: A) => O;
}
/** The same storage under a new type. Never in a table of kernels. */
export interface View<I extends Inputs, A extends Attrs> extends Base<I, A, Tensor> {
  readonly kind: "view";
}
/** Its outputs replace inputs 0 … n − 1, in place when nobody else holds them. Only `Variable.update` runs one. */
export interface Update<I extends Inputs, A extends Attrs, O extends Outputs = Tensor> extends Base<I, A, O> {
  readonly kind: "update";
  readonly compose?: (inputs: I, attrs: A) => O;
}
/** Any op at all: what backends and decorators handle, without knowing its inputs. */
// oxlint-disable-next-line typescript/no-explicit-any -- `unknown` would make every concrete op a type error here
export type Op<I extends Inputs = any, A extends Attrs = any, O extends Outputs = any> =
  | Primitive<I, A, O>
  | Composite<I, A, O>
  | View<I, A>
  | Update<I, A, O>;

/**
 * Runs an op: finds the backend (the inputs' outermost, or `on` for an op without tensors), infers the types, executes, and
 * puts the results in the active scope. Every op function is one call of it.
 *
 * Throws `BackendError` for a tensor that was freed, for tensors of backends of which neither wraps the other, and when nothing says where
 * to compute; `DTypeError` for the levels of a quantised weight, unless the op takes them; and what the op's `infer` throws.
 *
 * @example
 * ```ts
 * const cubeOp: Composite<[x: Tensor], None> = {
 *   kind: "composite",
 *   name: "vendor/cube",
 *   infer: ([x]) => x,
 *   compose: ([x]) => mul(mul(x, x), x),
 * };
 * console.log(await apply(cubeOp, [tensor([2, 3], [2], cpu())], none).read()); // Float32Array(2) [ 8, 27 ]
 * ```
 */
export function apply<I extends Inputs, A extends Attrs, O extends Outputs>(
  op: Primitive<I, A, O> | Composite<I, A, O> | View<I, A>,
  inputs: NoInfer<I>,
  attrs: NoInfer<A>,
  on?: Backend,
): O {
  let backend = on;
  let mixed = false;
  const seen = new Array<TensorType | number | undefined>(inputs.length);
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    if (input === undefined || typeof input === "number") {
      seen[i] = input;
      continue;
    }
    if ((input as Tensor | null)?.handle === undefined) {
      if (!((input as unknown) instanceof Tensor))
        throw new DTypeError(`${op.name}: input ${i} must be a tensor or a number, got ${JSON.stringify(input)}`, {
          op: op.name,
          input: i,
        });
      throw new BackendError(
        `${op.name}: input ${i} was already freed. It left its scope: return it from the scope, or keep() it.`,
        { op: op.name, input: i },
      );
    }
    if (isQuantized(input.type.dtype)) refuseQuantized(op, i, input.type.dtype);
    seen[i] = input.type; // not the tensor: an `infer` that returns its argument must not keep the tensor alive
    const home = input.backend;
    if (backend === undefined || backend === home) backend = home;
    else {
      backend = outermost(backend, home, op.name);
      mixed = true;
    }
  }
  if (backend === undefined)
    throw new BackendError(`${op.name}: no input is a tensor, so nothing says where to compute it. Pass a backend.`, {
      op: op.name,
    });
  const types = op.infer(seen as never, attrs) as TensorType | readonly TensorType[];
  const result = mixed ? executeMixed(backend, op, inputs, attrs, types) : backend.execute(op, inputs, attrs, types);
  if (result instanceof Tensor) track(result, op.name);
  else trackAll(result, op.name);
  return result as O;
}

/** Several results, or what is no result at all here: the tensor of a backend of another copy. */
function trackAll(results: Tensor | readonly Tensor[], op: string): void {
  for (const result of Array.isArray(results) ? (results as readonly Tensor[]) : [results as Tensor]) {
    expectThisCopy(result, op);
    track(result, op);
  }
}

/** Throws unless the op takes the levels of a quantised weight. */
export function refuseQuantized(op: Op, i: number, dtype: DType): void {
  if (op.takesQuantized === true) return;
  throw new DTypeError(
    `${op.name}: input ${i} is ${dtype}, levels that mean nothing without their scales; dequantize() them, or use quantizedLinear() or quantizedEmbedding()`,
    { op: op.name, input: i, dtype },
  );
}

function executeMixed(
  backend: Backend,
  op: Op,
  inputs: Inputs,
  attrs: Attrs,
  types: TensorType | readonly TensorType[],
): Tensor | readonly Tensor[] {
  const lifted: Tensor[] = [];
  const level = inputs.map((input) => {
    if (!(input instanceof Tensor) || input.backend === backend) return input;
    const up = backend.lift(input);
    lifted.push(up);
    return up;
  });
  try {
    return backend.execute(op, level, attrs, types);
  } finally {
    for (const tensor of lifted) tensor[Symbol.dispose]();
  }
}
