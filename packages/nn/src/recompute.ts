import { recomputed, type Tensor } from "@tenon/tensor";

import { dropoutAsNow } from "./dropout.ts";
import { collecting, gathered, handOut, type SideOutput } from "./side-outputs.ts";
import { currentWatcher, repeated, watching } from "./watcher.ts";

/**
 * Gradient checkpointing for modules: `recomputed` of `@tenon/tensor`, for a body that calls `forward`. Of all that the body
 * computes only its inputs are kept; when the gradients are taken it is run again, with the same dropout and the same taps. What modules
 * hand out beside their results ({@link handOut}) is found as ever.
 * A stack of n blocks in √n such segments needs the memory of about 2√n blocks instead of n, and the time of one more forward pass.
 *
 * The functions of `patch` are called in both runs, since the model goes on with what they return; `trace` records the first
 * alone. Tensors that the body captures must be alive when the gradients are taken: a model's parameters are, a mask or a memory
 * made in the meantime need not be, and are passed as inputs. What layers share of their positions is made in each segment anew.
 *
 * Throws what `recomputed` throws.
 *
 * Chen et al. 2016, "Training deep nets with sublinear memory cost".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const layers = [1, 2, 3, 4].map((seed) => new Linear({ input: 2, output: 2, random: random(seed) }));
 * for (const layer of layers) await layer.to(on);
 * const x = tensor([1, 2], [1, 2], on);
 * const { gradients } = valueAndGrad(layers[0]!, () =>
 *   mean(recompute([x], (x) => layers.reduce((h, layer) => layer.forward(h), x))),
 * );
 * console.log(gradients.size); // 2
 * ```
 */
export function recompute<const I extends readonly (Tensor | undefined)[], O extends Tensor | readonly Tensor[]>(
  inputs: I,
  body: (...inputs: I) => O,
): O {
  const withDropoutOfNow = dropoutAsNow();
  const watcher = currentWatcher();
  let again = false;
  const segment = (...inputs: I): O => {
    if (again) {
      return withDropoutOfNow(() => watching(watcher && repeated(watcher), () => body(...inputs)));
    }
    again = true;
    return body(...inputs);
  };
  return collecting() ? withSideOutputs(inputs, segment) : recomputed(inputs, segment);
}

/** What is handed out within a segment leaves it as results do: a tape keeps nothing else of it. */
function withSideOutputs<I extends readonly (Tensor | undefined)[], O extends Tensor | readonly Tensor[]>(
  inputs: I,
  segment: (...inputs: I) => O,
): O {
  let found: readonly SideOutput[] = [];
  let single = true;
  const outputs: readonly Tensor[] = recomputed(inputs, (...inputs: I): readonly Tensor[] => {
    const { result, sideOutputs } = gathered(() => segment(...inputs));
    found = sideOutputs;
    single = !Array.isArray(result);
    const results = single ? [result as Tensor] : (result as readonly Tensor[]);
    return [...results, ...sideOutputs.flatMap(({ tensors }) => tensors)];
  });
  let end = outputs.length - found.flatMap(({ tensors }) => tensors).length;
  const results = outputs.slice(0, end);
  for (const { from, tensors } of found) handOut(from, outputs.slice(end, (end += tensors.length)));
  return (single ? results[0] : results) as O;
}
