import { currentScope, scoped, type Scope, type Tensor } from "@tenon/tensor";

import type { Part } from "./part.ts";
import { synchronous } from "./synchronous.ts";

/** What one part handed out in one forward pass. */
export interface SideOutput {
  readonly from: Part;
  readonly tensors: readonly Tensor[];
}

/** What {@link collectSideOutputs} found. */
export interface Collected<T> {
  /** What the body returned. */
  readonly result: T;
  /** What was handed out, in that order. */
  readonly sideOutputs: readonly SideOutput[];
}

interface Collector {
  readonly scope: Scope;
  readonly found: SideOutput[];
}

// Set only while the synchronous body of `gathered` runs.
let current: Collector | undefined;

/** Does anybody collect now? */
export const collecting = (): boolean => current !== undefined;

/**
 * For a module that has more to say than its result, such as what a loss needs of a router: hands tensors, of any shape, to whoever collects
 * them now by {@link collectSideOutputs}. Costs one comparison when nobody does.
 *
 * @example
 * ```ts
 * class Sparse extends Module<[x: Tensor], Tensor> {
 *   protected override compute(x: Tensor): Tensor {
 *     const hidden = relu(x);
 *     handOut(this, [mean(hidden)]);
 *     return mul(hidden, 2);
 *   }
 * }
 * const model = new Sparse();
 * const x = tensor([-1, 3], [1, 2], cpu());
 * const { sideOutputs } = collectSideOutputs(() => model.forward(x));
 * console.log(await sideOutputs[0]!.tensors[0]!.read()); // Float32Array(1) [ 1.5 ]
 * ```
 */
export function handOut(from: Part, tensors: readonly Tensor[]): void {
  if (current === undefined) return;
  const { scope, found } = current;
  // The module's own scope is about to end.
  const aliases = tensors.map((tensor) => tensor.backend.share(tensor, tensor.type));
  for (const alias of aliases) scope.adopt(alias);
  found.push({ from, tensors: aliases });
}

/**
 * Runs the synchronous body and collects what the modules that it passes hand out by {@link handOut}. Inside a differentiated loss what is
 * found is differentiable, `recompute` included. The tensors belong to the scope that this is called in, as the result does. An enclosing
 * collection finds them, too.
 *
 * Throws `BackendError` when the body returns a promise.
 *
 * @example
 * ```ts
 * const { result, sideOutputs } = collectSideOutputs(() => tensor([1], [1], cpu()));
 * console.log(result.shape, sideOutputs.length); // [ 1 ] 0
 * ```
 */
export function collectSideOutputs<T>(body: () => T): Collected<T> {
  const collected = gathered(body);
  for (const { from, tensors } of collected.sideOutputs) handOut(from, tensors);
  return collected;
}

/** Collects, and keeps it from an enclosing collection. */
export function gathered<T>(body: () => T): Collected<T> {
  return scoped<unknown>(() => {
    const outer = current;
    const found: SideOutput[] = [];
    current = { scope: currentScope()!, found };
    try {
      return { result: synchronous("collectSideOutputs", body()), sideOutputs: found };
    } finally {
      current = outer;
    }
  }) as Collected<T>;
}
