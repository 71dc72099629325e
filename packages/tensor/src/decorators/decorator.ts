import type { Backend, HostData } from "../backend.ts";
import { copyOf, expectThisCopy, thisCopy, type Copy } from "../copies.ts";
import { isHalf, type TypedArray } from "../dtype.ts";
import { listOf } from "../kernel-call.ts";
import type { Attrs, Input, Inputs, Op } from "../op.ts";
import { cast } from "../ops/cast.ts";
import { owned } from "../scope.ts";
import type { TensorType } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** What a decorator's tensor holds: the wrapped backend's tensor, and what the decorator knows of it. */
export interface Decorated<S> {
  readonly inner: Tensor;
  readonly state: S;
}

/**
 * A backend around another backend: the base of whatever cuts across all ops. A subclass says in `execute` how an op runs, and gives
 * each result its state of type S; `entered` gives one to a tensor that comes from outside. All else goes to the wrapped backend.
 *
 * @example
 * ```ts
 * class Counter extends Decorator<undefined> {
 *   calls = 0;
 *   entered(): undefined {}
 *   execute(op: Op, inputs: Inputs, attrs: Attrs, types: TensorType | readonly TensorType[]): Tensor | readonly Tensor[] {
 *     this.calls++;
 *     return this.wrapAll(this.inner.execute(op, this.unwrap(inputs), attrs, types), undefined);
 *   }
 * }
 * const counter = new Counter(cpu(), "counter");
 * softmax(tensor([1, 2], [2], counter));
 * console.log(counter.name, counter.calls); // counter(cpu) 1
 * ```
 */
export abstract class Decorator<S> implements Backend {
  readonly name: string;
  readonly inner: Backend;

  /** `kind` is what the name begins with: "profile" around "cpu" is "profile(cpu)". */
  constructor(inner: Backend, kind: string, name = `${kind}(${inner.name})`) {
    expectThisCopy(inner, kind);
    this.inner = inner;
    this.name = name;
  }
  /** @internal */
  get [copyOf](): Copy {
    return thisCopy;
  }

  abstract execute(
    op: Op,
    inputs: Inputs,
    attrs: Attrs,
    types: TensorType | readonly TensorType[],
  ): Tensor | readonly Tensor[];
  /** The state of a tensor that is uploaded, or lifted: then `from` is the tensor of a wrapped backend that it shows. */
  protected abstract entered(inner: Tensor, from: Tensor | undefined): S;

  /** A tensor of this backend around one of the wrapped backend, which it takes over. */
  protected wrap(inner: Tensor, state: S): Tensor {
    return new Tensor(inner.type, this, { inner, state } satisfies Decorated<S>);
  }
  /** The same for one or several, all with one state. */
  protected wrapAll(inner: Tensor | readonly Tensor[], state: S): Tensor | readonly Tensor[] {
    return inner instanceof Tensor ? this.wrap(inner, state) : inner.map((tensor) => this.wrap(tensor, state));
  }
  /** The inputs as the wrapped backend holds them, lent. */
  protected unwrap(inputs: Inputs): Input[] {
    const n = inputs.length;
    const inner = new Array<Input>(n);
    for (let i = 0; i < n; i++) {
      const input = inputs[i];
      inner[i] = typeof input === "object" ? (input.handle as Decorated<S>).inner : input;
    }
    return inner;
  }
  /** What this decorator knows of one of its tensors. */
  protected stateOf(tensor: Tensor): S {
    return (tensor.handle as Decorated<S>).state;
  }
  /** Has the op a meaning in smaller ops, and the wrapped backend no kernel for this call? */
  protected lacksKernel(op: Op, inputs: Inputs, attrs: Attrs): op is ComposedOp {
    return isComposed(op) && !this.inner.supports(op, attrs, typesOf(inputs));
  }

  supports(op: Op, attrs: Attrs, inputs: readonly (TensorType | number | undefined)[]): boolean {
    return this.inner.supports(op, attrs, inputs);
  }
  upload(data: HostData, type: TensorType, use?: "variable"): Tensor {
    const inner = this.inner.upload(data, type, use);
    return this.wrap(inner, this.entered(inner, undefined));
  }
  lift(tensor: Tensor): Tensor {
    const inner = tensor.backend === this.inner ? this.inner.share(tensor, tensor.type) : this.inner.lift(tensor);
    return this.wrap(inner, this.entered(inner, tensor));
  }
  lower(tensor: Tensor): Tensor {
    const { inner } = tensor.handle as Decorated<S>;
    return this.inner.share(inner, inner.type);
  }
  share(tensor: Tensor, type: TensorType): Tensor {
    const { inner, state } = tensor.handle as Decorated<S>;
    return this.wrap(this.inner.share(inner, type), state);
  }
  read(tensor: Tensor): Promise<TypedArray> {
    return this.inner.read((tensor.handle as Decorated<S>).inner);
  }
  settled(tensor: Tensor): Promise<void> | undefined {
    return this.inner.settled((tensor.handle as Decorated<S>).inner);
  }
  release(handle: unknown): void {
    (handle as Decorated<S>).inner[Symbol.dispose]();
  }
  memory(): { readonly tensors: number; readonly bytes: number } {
    return this.inner.memory();
  }
}

/** A backend and those that it wraps, from the outermost in. */
export function layersOf(backend: Backend): Backend[] {
  const layers: Backend[] = [];
  for (let at: Backend | undefined = backend; at !== undefined; at = at.inner) layers.push(at);
  return layers;
}

type ComposedOp = Op & { readonly compose: (inputs: never, attrs: never) => Tensor | readonly Tensor[] };

/** Has the op a meaning in smaller ops? */
export const isComposed = (op: Op): op is ComposedOp =>
  op.kind !== "primitive" && op.kind !== "view" && op.compose !== undefined;

const isHalfTensor = (input: Input): input is Tensor => typeof input === "object" && isHalf(input.dtype);

/**
 * Runs the op's meaning in smaller ops, on the backend of its inputs. The results are the caller's. 16-bit floats are computed in f32
 * throughout and rounded once, as the wrapped backend would: they do not hold the squares that a norm adds up.
 */
export const composed = (op: ComposedOp, inputs: Inputs, attrs: Attrs): Tensor | readonly Tensor[] =>
  owned(() => {
    if (!inputs.some(isHalfTensor)) return op.compose(inputs as never, attrs as never);
    const types = op.infer(typesOf(inputs), attrs) as TensorType | readonly TensorType[];
    const wide = inputs.map((input) => (isHalfTensor(input) ? cast(input, "f32") : input));
    const results = listOf(op.compose(wide as never, attrs as never));
    const rounded = listOf(types).map(({ dtype }, i) => cast(results[i]!, dtype));
    return Array.isArray(types) ? rounded : rounded[0]!;
  });

/** What `supports` and `infer` see of the inputs. */
export function typesOf(inputs: Inputs): (TensorType | number | undefined)[] {
  const n = inputs.length;
  const types = new Array<TensorType | number | undefined>(n);
  for (let i = 0; i < n; i++) {
    const input = inputs[i];
    types[i] = typeof input === "object" ? input.type : input;
  }
  return types;
}
