import type { Backend } from "../backend.ts";
import { Decorator } from "../decorators/decorator.ts";
import type { Attrs, Inputs, Op } from "../op.ts";
import type { TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/**
 * A backend that has lost the kernels of some ops, and fails when one is run on it all the same.
 *
 * @example
 * ```ts
 * const on = fallback(withoutKernels(cpu(), "exp"), cpu());
 * exp(tensor([1, 2], [2], on));
 * console.log(on.moved()); // [ { op: 'exp', calls: 1, bytes: 16 } ]
 * ```
 */
export const withoutKernels = (inner: Backend, ...ops: readonly string[]): Backend => new WithoutKernels(inner, ops);

class WithoutKernels extends Decorator<undefined> {
  readonly #lost: ReadonlySet<string>;
  constructor(inner: Backend, ops: readonly string[]) {
    super(inner, "withoutKernels");
    this.#lost = new Set(ops);
  }
  protected override entered(): undefined {}
  override supports(op: Op, attrs: Attrs, inputs: readonly (TensorType | number | undefined)[]): boolean {
    return !this.#lost.has(op.name) && super.supports(op, attrs, inputs);
  }
  execute(op: Op, inputs: Inputs, attrs: Attrs, types: TensorType | readonly TensorType[]): Tensor | readonly Tensor[] {
    if (this.#lost.has(op.name)) throw new Error(`${op.name} ran where it has no kernel`);
    return this.wrapAll(this.inner.execute(op, this.unwrap(inputs), attrs, types), undefined);
  }
}
