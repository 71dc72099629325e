import { reshape, scoped, Tensor } from "@tenon/tensor";

import { currentObserver } from "./observe-modules.ts";
import { Part } from "./part.ts";
import { currentWatcher } from "./watcher.ts";

/**
 * A part that computes. A subclass writes `compute` and never overrides `forward`, which runs it in a scope of its own: every
 * tensor that `compute` makes is freed at the end, except what it returns (a tensor, or plain arrays and objects of tensors).
 *
 * @example
 * ```ts
 * class Square extends Module<[x: Tensor], Tensor> {
 *   protected override compute(x: Tensor): Tensor {
 *     return this.tap("squared", mul(x, x));
 *   }
 * }
 * const y = new Square().forward(tensor([1, 2, 3], [3], cpu())); // [1, 4, 9]
 * ```
 */
export abstract class Module<In extends readonly unknown[], Out> extends Part {
  /** Computes the module's result. Synchronous; throws what `compute` throws. */
  forward(...input: In): Out {
    const observer = currentObserver();
    return (observer === undefined ? this.#run(input) : observer(this, () => this.#run(input))) as Out;
  }

  #run(input: In): unknown {
    return scoped<unknown>(() => {
      const result = this.compute(...input);
      // An argument is never returned as it is: its owner and the result's owner would both free it.
      return result instanceof Tensor && input.includes(result) ? reshape(result, result.shape) : result;
    });
  }

  /** What `forward` does, in ops and in other modules' `forward`. */
  protected abstract compute(...input: In): Out;

  /**
   * Names a point of the computation, so that `trace` can read it and `patch` can change it. Go on with what it returns.
   * Costs one comparison when nobody looks.
   */
  protected tap(name: string, x: Tensor): Tensor {
    const watcher = currentWatcher();
    return watcher === undefined ? x : watcher.see(this, name, x);
  }

  /** Does somebody look at this point? For a module that has it only on a slower path. */
  protected tapped(name: string): boolean {
    return currentWatcher()?.wants(this, name) ?? false;
  }
}
