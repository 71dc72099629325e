import type { Inputs } from "./op.ts";
import type { TensorType } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** One piece of storage and its owners. `data` is undefined while its kernel is pending. */
export class Buffer<D> {
  owners = 1;
  data: D | undefined;
  readonly type: TensorType;
  /** Why it will never have any. */
  error: unknown = undefined;
  constructor(data: D | undefined, type: TensorType) {
    this.data = data;
    this.type = type;
  }
}

/** What a tensor of a kernel backend holds. */
export const bufferOf = <D>(tensor: Tensor): Buffer<D> => tensor.handle as Buffer<D>;

/** Is input i of an update the only holder of its storage, and passed only once? */
export function isSole(inputs: Inputs, i: number): boolean {
  const input = inputs[i];
  return input instanceof Tensor && bufferOf(input).owners === 1 && inputs.indexOf(input) === inputs.lastIndexOf(input);
}
