import type { Part } from "@tenon/nn";

import { Adafactor } from "./adafactor.ts";
import { AdamW } from "./adamw.ts";
import { Lion } from "./lion.ts";
import { Muon } from "./muon.ts";
import type { Optimiser } from "./optimiser.ts";
import { Sgd } from "./sgd.ts";

/** The optimisers that {@link namedOptimiser} makes. */
export const optimiserNames = ["adamw", "adafactor", "lion", "muon", "sgd"] as const;
/** One of {@link optimiserNames}. */
export type OptimiserName = (typeof optimiserNames)[number];

/** What {@link namedOptimiser} hands on. */
export interface NamedOptimiserOptions {
  /** The weight decay. */
  readonly decay: number;
  /** How much AdamW keeps of the mean of squares in each step; small models do best with less than the usual 0.999. Others have a memory of their own. */
  readonly beta2: number;
}

/**
 * The optimiser of a name that somebody chose: for a flag, or a list on a page. What has not to do with decay stays as its class has it; SGD has a momentum of 0.9.
 *
 * Throws `ConfigError` for what the optimiser refuses, Muon for one a model without blocks.
 *
 * @example
 * ```ts
 * const model = new Linear({ input: 2, output: 1, random: random(1) });
 * console.log(namedOptimiser("adamw", model, { decay: 0.1, beta2: 0.99 }).steps); // 0
 * ```
 */
export function namedOptimiser(name: OptimiserName, model: Part, { decay, beta2 }: NamedOptimiserOptions): Optimiser {
  switch (name) {
    case "adamw":
      return new AdamW(model, { beta2, decay });
    case "adafactor":
      return new Adafactor(model, { decay });
    case "lion":
      return new Lion(model, { decay });
    case "muon":
      return new Muon(model, { decay });
    case "sgd":
      return new Sgd(model, { momentum: 0.9, decay });
  }
}
