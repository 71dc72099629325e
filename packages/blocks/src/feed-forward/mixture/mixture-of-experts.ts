import { handOut, Module } from "@tenon/nn";
import { add, ConfigError, type Tensor } from "@tenon/tensor";

import type { FeedForward } from "../feed-forward.ts";
import type { Experts } from "./experts.ts";
import type { Router } from "./router.ts";

/** What a {@link MixtureOfExperts} is made from, ready-made. */
export interface MixtureOfExpertsOptions {
  /** Decides where each token goes, such as a `TopKRouter`. */
  readonly router: Router;
  /** Where it goes, such as `GatedExperts`. */
  readonly experts: Experts;
  /** A feed-forward part that every token passes as well, such as a `GatedMLP` (Dai et al. 2024). Default: none. */
  readonly shared?: FeedForward | undefined;
}

/**
 * A feed-forward part of which each token passes only a few experts, so that a model can have many more parameters than it uses for one token:
 * y = Σ weight · expert(x) + shared(x), x [b, t, d] → [b, t, d], the sum over the experts that the router chose for x. No token is ever dropped.
 *
 * So that training spreads the tokens over the experts, `withRouting` gives the losses that pull them apart; without one a router soon sends all to few.
 *
 * Throws `ConfigError` when the router chooses among another number of experts than there are; `forward` throws `ShapeError` when x does not
 * end with d.
 *
 * Shazeer et al. 2017, "Outrageously large neural networks: the sparsely-gated mixture-of-experts layer"; with shared experts Dai et al. 2024,
 * "DeepSeekMoE: towards ultimate expert specialization in mixture-of-experts language models".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const mixture = new MixtureOfExperts({
 *   router: new TopKRouter({ width: 8, experts: 4, expertsPerToken: 2, random: random(1).fork("router") }),
 *   experts: new GatedExperts({ count: 4, width: 8, hidden: 16, random: random(1).fork("experts") }),
 *   shared: new GatedMLP({ width: 8, hidden: 16, random: random(1).fork("shared") }),
 * });
 * await mixture.to(on);
 * console.log(mixture.forward(zeros([1, 3, 8], on)).shape); // [ 1, 3, 8 ]
 * ```
 */
export class MixtureOfExperts extends Module<[x: Tensor], Tensor> {
  readonly router: Router;
  readonly experts: Experts;
  readonly shared: FeedForward | undefined;

  constructor({ router, experts, shared }: MixtureOfExpertsOptions) {
    super();
    if (router.experts !== experts.count) {
      throw new ConfigError(
        `MixtureOfExperts: the router chooses among ${router.experts} experts, and there are ${experts.count}`,
        { router: router.experts, experts: experts.count },
      );
    }
    this.router = router;
    this.experts = experts;
    this.shared = shared;
  }

  protected override compute(x: Tensor): Tensor {
    const routed = this.router.forward(x);
    handOut(this, [routed.logits, routed.chosen]);
    const y = this.experts.forward(x, routed);
    return this.shared === undefined ? y : add(y, this.shared.forward(x));
  }
}
