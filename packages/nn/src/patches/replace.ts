import { reshape, type Tensor } from "@tenon/tensor";

import type { Tap } from "../patch.ts";

/**
 * For {@link patch}: the given tensor takes the place of what passes, in the same shape. With {@link trace} this is activation patching: run the
 * model on one text, and on another with some of its activations from the first; where the answer follows, they carry it. The tensor
 * stays the caller's. No gradient goes back through the tap.
 *
 * `patch` throws `ShapeError` when the tensor has another shape than what passes.
 *
 * Vig et al. 2020, "Investigating gender bias in language models using causal mediation analysis"; Meng et al. 2022, "Locating and editing
 * factual associations in GPT".
 *
 * @example
 * ```ts
 * class Twice extends Module<[x: Tensor], Tensor> {
 *   protected override compute(x: Tensor): Tensor {
 *     return add(x, this.tap("again", x));
 *   }
 * }
 * const [on, model] = [cpu(), new Twice()];
 * const [clean, corrupted] = [tensor([5], [1], on), tensor([1], [1], on)];
 * const { taps } = trace(model, ["again"], () => model.forward(clean));
 * const y = patch(model, { again: replace(taps["again"]![0]!) }, () => model.forward(corrupted));
 * console.log(await y.read()); // Float32Array(1) [ 6 ]
 * ```
 */
export function replace(tensor: Tensor): Tap {
  // An alias: a module that returns what passes its tap would else give the caller's own tensor away.
  return () => reshape(tensor, tensor.shape);
}
