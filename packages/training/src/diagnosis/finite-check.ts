import {
  type Attrs,
  type Backend,
  cast,
  Decorator,
  type HostData,
  type Inputs,
  isFloat,
  isHalf,
  keep,
  less,
  mul,
  type Op,
  scoped,
  sum,
  Tensor,
  type TensorType,
  where,
} from "@tenon/tensor";

/** A tensor that was computed, and whether it is finite, which is not known before it is read. */
export interface SeenTensor {
  readonly op: string;
  /** The path of the module that computed it; undefined outside of all modules. */
  readonly module: string | undefined;
  readonly backward: boolean;
  readonly type: TensorType;
  /** 0 where there is no NaN and no +∞ in it, else NaN. */
  readonly flag: Tensor;
  /** 0 where all of it is finite, else NaN. */
  readonly strict: Tensor;
}

/** The op name of what comes from the host. */
export const uploaded = "upload";

/**
 * A backend that looks at every float that is computed on the one it wraps, or uploaded to it: is there a NaN or +∞ in it? −∞ has a
 * flag of its own, for masks are made of it and do no harm. Kernels are not looked into. With `capture` it keeps the inputs and the output of that call.
 */
export class FiniteCheck extends Decorator<undefined> {
  readonly seen: SeenTensor[] = [];
  captured: { readonly inputs: readonly Tensor[]; readonly output: Tensor } | undefined;
  /** Where ops run now; whoever runs the model says so. */
  module: string | undefined;
  backward = false;
  readonly #capture: number | undefined;

  constructor(inner: Backend, capture?: number) {
    super(inner, "finite");
    this.#capture = capture;
  }
  protected override entered(): undefined {}

  override execute(
    op: Op,
    inputs: Inputs,
    attrs: Attrs,
    types: TensorType | readonly TensorType[],
  ): Tensor | readonly Tensor[] {
    const lent = this.unwrap(inputs);
    const result = this.inner.execute(op, lent, attrs, types);
    if (op.kind !== "view")
      for (const output of result instanceof Tensor ? [result] : result) this.#see(op.name, lent, output);
    return this.wrapAll(result, undefined);
  }
  override upload(data: HostData, type: TensorType, use?: "variable"): Tensor {
    const inner = this.inner.upload(data, type, use);
    this.#see(uploaded, [], inner);
    return this.wrap(inner, undefined);
  }

  #see(op: string, inputs: Inputs, output: Tensor): void {
    if (!isFloat(output.dtype)) return;
    const { module, backward } = this;
    if (this.seen.length === this.#capture) {
      const tensors = inputs.filter((input) => input instanceof Tensor);
      this.captured = { inputs: tensors.map(aliasOf), output: aliasOf(output) };
    }
    const [flag, strict] = flagsOf(output);
    this.seen.push({ op, module, backward, type: output.type, flag, strict });
  }

  /** Gives back what it holds. */
  [Symbol.dispose](): void {
    for (const { flag, strict } of this.seen) {
      flag[Symbol.dispose]();
      strict[Symbol.dispose]();
    }
    for (const tensor of [...(this.captured?.inputs ?? []), this.captured?.output]) tensor?.[Symbol.dispose]();
  }
}

/** Beyond what any finite f32 that matters is: numbers below it count as −∞. */
const nearlyMinusInfinity = -3e38;

/** Zero times a finite number is 0, and times any other NaN. */
function flagsOf(x: Tensor): [flag: Tensor, strict: Tensor] {
  return scoped(() => {
    const wide = isHalf(x.dtype) ? cast(x, "f32") : x;
    const passed = where(less(wide, nearlyMinusInfinity), 0, wide);
    return [keep(sum(mul(passed, 0))), keep(sum(mul(wide, 0)))];
  });
}

const aliasOf = (tensor: Tensor): Tensor => tensor.backend.share(tensor, tensor.type);
