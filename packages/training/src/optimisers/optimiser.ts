import type { Parameter } from "@tenon/nn";
import type { Shape, Tensor } from "@tenon/tensor";

/** What `valueAndGrad` gives: a gradient of the parameter's shape for each parameter that the loss depends on. */
export type Gradients = ReadonlyMap<Parameter, Tensor>;

/** Numbers on the host with a shape, row-major: what a checkpoint stores. */
export interface HostArray {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Everything that an optimiser remembers, by name. */
export type OptimiserState = ReadonlyMap<string, HostArray>;

/**
 * Changes a model's parameters by their gradients, and remembers from step to step whatever its rule needs. `AdamW` is one;
 * any object of this type will do for `train`.
 *
 * @example
 * ```ts
 * const optimiser: Optimiser = new AdamW(new Linear({ input: 2, output: 1, random: random(1) }));
 * console.log(optimiser.steps); // 0
 * ```
 */
export interface Optimiser {
  /** Steps taken so far, the ones that a loaded state remembers included. This is where `train` goes on. */
  readonly steps: number;
  /** Takes one step. Synchronous; the gradients stay the caller's. A parameter without a gradient stays as it is. */
  step(gradients: Gradients, rate: number): void;
  /** A copy of what it remembers, as of the moment of the call. */
  state(): Promise<OptimiserState>;
  /** Takes up where `state` left off: strict, and all or nothing. */
  load(state: OptimiserState): void;
  /** Gives the memory of what it remembers back. */
  [Symbol.dispose](): void;
}
