import type { Part } from "@tenon/nn";

import type { OptimiserState } from "../optimisers/optimiser.ts";

/** Whatever remembers something from step to step, as arrays by name: an optimiser, a moving average of the parameters. */
export interface Stateful {
  /** A copy of what it remembers, as of the moment of the call. */
  state(): Promise<OptimiserState>;
  /** Takes up where `state` left off: all or nothing. */
  load(state: OptimiserState): void;
}

/**
 * Everything that a checkpoint holds and restores.
 *
 * @example
 * ```ts
 * const model = new Linear({ input: 2, output: 1, random: random(1) });
 * const trained: Trained = { model, optimiser: new AdamW(model) };
 * console.log(trained.optimiser.steps); // 0
 * ```
 */
export interface Trained {
  readonly model: Part;
  /** Its steps are the step of the checkpoint. */
  readonly optimiser: Stateful & { readonly steps: number };
  /** What else remembers something, each under a name of its own: `{ average }`. */
  readonly parts?: Readonly<Record<string, Stateful>> | undefined;
}
