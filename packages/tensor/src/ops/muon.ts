import { ShapeError } from "../errors.ts";
import type { Update } from "../op.ts";
import { show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { matmul } from "./matmul.ts";
import { maximum } from "./maximum.ts";
import { transpose } from "./permute.ts";
import { sqrt } from "./pointwise.ts";
import { sum } from "./reduce.ts";
import { expectAlike } from "./update-type.ts";

/** `scale` multiplies the rate of the orthogonal step alone; `decay` is the decoupled weight decay, multiplied by the rate. */
export type MuonAttrs = { rate: number; momentum: number; decay: number; scale: number };

/**
 * One step of Muon on a matrix p [m, n] with its running mean u and its gradient g, all f32 and of one shape, → p, u. Run by
 * {@link Variable.update}. With μ for the momentum:
 *
 * u ← μ u + (1 − μ) g, p ← (1 − rate · decay) p − rate · scale · orthogonal(μ u + (1 − μ) g), where orthogonal(x) is near U Vᵀ for x = U S Vᵀ.
 *
 * It is computed by five steps of Newton–Schulz, x ← a x + (b x xᵀ + c (x xᵀ)²) x from x / ‖x‖ on, with a, b and c chosen so that small
 * singular values grow fast; all end between 0.7 and 1.2. Throws `DTypeError` for another dtype and `ShapeError` where shapes differ
 * and for what is no matrix.
 *
 * Gradient: none.
 *
 * Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [p, u] = [0, 0].map(() => Variable.holding(zeros([1, 2], on)));
 * Variable.update(muonOp, [p!, u!], [tensor([3, 4], [1, 2], on)], { rate: 1, momentum: 0.9, decay: 0, scale: 1 });
 * console.log(Array.from(await p!.value.read(), (x) => x.toFixed(2))); // [ '-0.42', '-0.56' ]
 * ```
 */
export const muonOp: Update<[p: Tensor, u: Tensor, g: Tensor], MuonAttrs, readonly [p: Tensor, u: Tensor]> = {
  kind: "update",
  name: "muon",
  gradient: null,
  dynamic: ["rate"],
  infer: ([p, u, g]) => {
    if (p.shape.length !== 2)
      throw new ShapeError(`muon: the parameter must be a matrix, got ${show(p.shape)}; give AdamW what is none`, {
        parameter: p.shape,
      });
    expectAlike("muon", { p, u, g });
    return [p, u];
  },
  compose: ([p, u, g], { rate, momentum, decay, scale }) => {
    const fresh = mul(g, 1 - momentum);
    const mean = add(mul(u, momentum), fresh);
    const direction = orthogonal(add(mul(mean, momentum), fresh));
    return [sub(mul(p, 1 - rate * decay), mul(direction, rate * scale)), mean];
  },
};

const [a, b, c] = [3.4445, -4.775, 2.0315];
const tiny = 1e-7;

/** x [m, n] with its singular values brought near 1. The smaller of the two Gram matrices is multiplied with itself. */
function orthogonal(x: Tensor): Tensor {
  const tall = x.shape[0]! > x.shape[1]!;
  let y = tall ? transpose(x) : x;
  y = div(y, maximum(sqrt(sum(mul(y, y))), tiny));
  for (let i = 0; i < 5; i++) {
    const gram = matmul(y, y, { transposeB: true });
    y = add(mul(y, a), matmul(add(mul(gram, b), mul(matmul(gram, gram), c)), y));
  }
  return tall ? transpose(y) : y;
}
