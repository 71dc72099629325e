import type { Tensor } from "../tensor.ts";
import { div, mul, sub } from "./arithmetic.ts";
import type { AttentionAttrs, AttentionInputs } from "./attention-type.ts";
import { filled, grouped, ungrouped } from "./explicit-attention.ts";
import { matmul } from "./matmul.ts";
import { square } from "./pointwise.ts";
import { unbroadcast } from "./reduce.ts";

/**
 * The gradients of attention's q, k, v and bias through its pattern [b, h, t, s]; those of keys and values for the filled part. `capped` are the scores
 * before the bias, `drift` is Σ upstream ∘ output. Formulas at {@link attentionGradientOp}.
 */
export function throughPattern(
  pattern: Tensor,
  [q, k, v, bias]: AttentionInputs,
  attrs: AttentionAttrs,
  capped: Tensor,
  upstream: Tensor,
  drift: Tensor,
): Tensor[] {
  const { scale, softCap } = attrs;
  const towards = ungrouped(matmul(grouped(upstream, v), filled(v, attrs), { transposeB: true }), q);
  const scoresGradient = mul(pattern, sub(towards, drift));
  const bend = softCap === null ? scale : mul(sub(1, square(div(capped, softCap))), scale);
  const products = grouped(mul(scoresGradient, bend), k);
  return [
    ungrouped(matmul(products, filled(k, attrs)), q),
    matmul(products, grouped(q, k), { transposeA: true }),
    matmul(grouped(pattern, k), grouped(upstream, k), { transposeA: true }),
    ...(bias === undefined ? [] : [unbroadcast(scoresGradient, bias.shape)]),
  ];
}
