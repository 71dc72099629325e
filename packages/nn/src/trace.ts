import { currentScope, scoped, type Tensor } from "@tenon/tensor";

import type { Part } from "./part.ts";
import { patch, type Tap } from "./patch.ts";
import { isRepeat } from "./watcher.ts";

/** What {@link trace} found. */
export interface Traced<T> {
  /** What the body returned. */
  readonly output: T;
  /** For each tap by its full name, what passed it: one tensor for each time. */
  readonly taps: Readonly<Record<string, readonly Tensor[]>>;
}

/**
 * Runs the synchronous body and records the tensors at every tap of the model whose full name fits one of the patterns (see
 * {@link patch}). The recorded tensors are aliases, which belong to the scope that `trace` is called in, as its output does.
 *
 * Throws `ConfigError` when a pattern fits no tap that the body passed, listing those there are.
 *
 * @example
 * ```ts
 * class Twice extends Module<[x: Tensor], Tensor> {
 *   protected override compute(x: Tensor): Tensor {
 *     return add(x, this.tap("again", x));
 *   }
 * }
 * const model = new Twice();
 * const x = tensor([1], [1], cpu());
 * const { output, taps } = trace(model, ["*"], () => model.forward(x));
 * console.log(await taps["again"]![0]!.read()); // Float32Array(1) [ 1 ]
 * ```
 */
export function trace<T>(model: Part, patterns: readonly string[], body: () => T): Traced<T> {
  return scoped<unknown>(() => {
    const scope = currentScope()!;
    const found: Record<string, Tensor[]> = {};
    const record: Tap = (x, name) => {
      if (isRepeat()) return x;
      const alias = x.backend.share(x, x.type);
      scope.adopt(alias);
      (found[name] ??= []).push(alias);
      return x;
    };
    const output = patch(model, Object.fromEntries(patterns.map((pattern) => [pattern, record])), body);
    return { output, taps: found };
  }) as Traced<T>;
}
