import { recomputed, type Tensor } from "@tenon/tensor";

import { dropoutAsNow } from "./dropout.ts";
import { currentWatcher, repeated, watching } from "./watcher.ts";

/**
 * Gradient checkpointing for modules: `recomputed` of `@tenon/tensor`, for a body that calls `forward`. Of all that the body
 * computes only its inputs are kept; when the gradients are taken it is run again, with the same dropout and the same taps.
 * A stack of n blocks in √n such segments needs the memory of about 2√n blocks instead of n, and the time of one more forward pass.
 *
 * The functions of {@link patch} are called in both runs, since the model goes on with what they return; {@link trace} records the first
 * alone. Tensors that the body captures must be alive when the gradients are taken: a model's parameters are, a mask or positions
 * made in the meantime need not be, and are passed as inputs.
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
  return recomputed(inputs, (...inputs: I) => {
    if (again) {
      return withDropoutOfNow(() => watching(watcher && repeated(watcher), () => body(...inputs)));
    }
    again = true;
    return body(...inputs);
  });
}
