import { BackendError } from "./errors.ts";
import type { Attrs, Inputs, Op } from "./op.ts";
import { owned } from "./scope.ts";
import type { Tensor } from "./tensor.ts";

/** Runs an op that a backend has no kernel for as the smaller ops that it means, on the same backend. The results are the caller's. */
export function composed(backend: string, op: Op, inputs: Inputs, attrs: Attrs): Tensor | readonly Tensor[] {
  if (op.kind === "primitive" || op.kind === "view" || op.compose === undefined) {
    throw new BackendError(`${backend} has no kernel for ${op.name}, and ${op.name} is not composed of smaller ops`, {
      op: op.name,
      backend,
    });
  }
  return owned(() => op.compose!(inputs, attrs) as Tensor | readonly Tensor[]);
}
