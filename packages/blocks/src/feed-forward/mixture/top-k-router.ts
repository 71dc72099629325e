import { expectSize, Module, Parameter, xavier, type Initialiser } from "@tenon/nn";
import { ConfigError, linear, softmax, takeAlong, topK, type Random, type Tensor } from "@tenon/tensor";

import type { Routed, Router } from "./router.ts";

/** Over what the weights of a token's experts are a softmax. */
export type RouterSoftmax = "selected" | "all";

/** What a {@link TopKRouter} is made from. */
export interface TopKRouterOptions {
  /** Width d of what comes in. */
  readonly width: number;
  /** How many experts there are. */
  readonly experts: number;
  /** How many of them each token passes: 1 in Switch Transformers, 2 in Mixtral, 6 in DeepSeekMoE. */
  readonly expertsPerToken: number;
  /**
   * "selected": over the logits of the selected experts, so that the weights sum to 1 (Shazeer 2017, Mixtral; the same as a softmax over
   * all, divided by the sum of those selected). "all": over all logits, of which the largest are kept as they are (Switch, DeepSeekMoE).
   * Default "selected"; for one expert per token "all", since a softmax over one logit is always 1 and teaches the router nothing.
   */
  readonly softmax?: RouterSoftmax | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
  /** How the weight begins. Default `xavier`. */
  readonly initial?: Initialiser | undefined;
}

/**
 * Sends each token to the experts with the largest logits x Wᵀ, x [b, t, d], W [experts, d]; of equal logits the expert with the lower number comes
 * first. No token is ever dropped, and no expert is ever full.
 *
 * Tap: `logits`, [b, t, experts]; what is put in their place decides.
 *
 * Throws `ConfigError` unless all sizes are whole numbers from 1 up, no token passes more experts than there are, and `softmax` is one of the two;
 * `forward` throws `ShapeError` when x does not end with d.
 *
 * Shazeer et al. 2017, "Outrageously large neural networks: the sparsely-gated mixture-of-experts layer"; Fedus, Zoph and Shazeer 2021, "Switch
 * Transformers"; Jiang et al. 2024, "Mixtral of experts".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const router = await new TopKRouter({ width: 4, experts: 8, expertsPerToken: 2, random: random(1) }).to(on);
 * const { chosen, weights } = router.forward(ones([1, 3, 4], on));
 * console.log(chosen.shape, weights.shape); // [ 1, 3, 2 ] [ 1, 3, 2 ]
 * ```
 */
export class TopKRouter extends Module<[x: Tensor], Routed> implements Router {
  readonly weight: Parameter;
  readonly experts: number;
  readonly expertsPerToken: number;
  readonly softmax: RouterSoftmax;

  constructor({
    width,
    experts,
    expertsPerToken,
    softmax: over = expertsPerToken === 1 ? "all" : "selected",
    random,
    initial = xavier,
  }: TopKRouterOptions) {
    super();
    expectSize("TopKRouter", "width", width);
    expectSize("TopKRouter", "experts", experts);
    expectSize("TopKRouter", "expertsPerToken", expertsPerToken);
    if (expertsPerToken > experts) {
      throw new ConfigError(`TopKRouter: a token cannot pass ${expertsPerToken} experts where there are ${experts}`, {
        experts,
        expertsPerToken,
      });
    }
    if (!["selected", "all"].includes(over)) {
      throw new ConfigError(`TopKRouter: softmax must be "selected" or "all", got ${JSON.stringify(over)}`, {
        softmax: over,
      });
    }
    this.weight = new Parameter([experts, width], initial(random.fork("weight")));
    this.experts = experts;
    this.expertsPerToken = expertsPerToken;
    this.softmax = over;
  }

  protected override compute(x: Tensor): Routed {
    const logits = this.tap("logits", linear(x, this.weight.value));
    const [selected, chosen] = topK(logits, this.expertsPerToken);
    const weights = this.softmax === "selected" ? softmax(selected) : takeAlong(softmax(logits), chosen);
    return { logits, chosen, weights };
  }
}
