import { BackendError, GradientError } from "../errors.ts";
import { track } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { runSegment, Segment, type SegmentBody } from "../segment.ts";

/**
 * Runs the body, and keeps nothing of it for the gradients but its inputs: when they are taken, the body is run a second time, and
 * what its gradient rules need lives only until they are through with it. Costs a second forward pass of the body; n layers in √n
 * segments need the memory of about 2√n layers instead of n. Values and gradients are those of the plain call, to the last bit where
 * the backend repeats itself to the last bit.
 *
 * Gradients flow to the inputs and to every other tensor that the body reads: parameters, and tensors that it captures. Whatever is
 * captured must still be alive when the gradients are taken, as a model's parameters are; other tensors are passed as inputs, which are kept.
 * Nests, and takes part in second derivatives. Where nothing is differentiated it only runs the body.
 *
 * The body must do the same both times: the same ops with the same attributes. It changes no variable. Bodies that pass modules with dropout
 * or taps use `recompute` of `@tenon/nn`. Throws `GradientError` when the body updates a variable while it is differentiated or returns no
 * tensors; and, when the gradients are taken, if the second run throws, does something else than the first, or does not see the
 * tracked tensors that the first saw.
 *
 * Chen et al. 2016, "Training deep nets with sublinear memory cost".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const weight = Variable.holding(tensor([0.5, -1], [2], on));
 * const x = tensor([1, 2], [2], on);
 * const layer = (h: Tensor) => tanh(mul(h, weight.value));
 * const { gradients } = differentiate([weight], () => sum(recomputed([x], (x) => layer(layer(layer(x))))));
 * console.log(gradients[0]!.shape); // [ 2 ]
 * ```
 */
export function recomputed<const I extends readonly (Tensor | undefined)[], O extends Tensor | readonly Tensor[]>(
  inputs: I,
  body: (...inputs: I) => O,
): O {
  const again = body as unknown as SegmentBody;
  const segment = new Segment(again);
  const result = segment.run(() => runSegment(again, inputs));
  const outputs = Array.isArray(result) ? (result as readonly Tensor[]) : [result as Tensor];
  try {
    if (segment.updates && segment.passes.size > 0)
      throw new GradientError(
        "recomputed: the body updates a variable, and would do it again when the gradients are taken; update variables outside",
      );
    const freed = inputs.findIndex((input) => input?.alive === false);
    if (freed >= 0 && segment.passes.size > 0)
      throw new BackendError(`recomputed: the body freed its input ${freed}, which its second run needs`, {
        input: freed,
      });
    for (const [tape, pass] of segment.passes) tape.endSegment(pass, inputs, outputs);
  } catch (error) {
    for (const output of outputs) output[Symbol.dispose]();
    throw error;
  }
  for (const output of outputs) track(output, "recomputed()");
  return result as O;
}
