import { assemble, describe, type Kinds, standardKinds } from "@tenon/models";
import { observeModules } from "@tenon/nn";
import { type Backend, dryRun, scoped, Scope } from "@tenon/tensor";

import { activeParameters } from "./active-parameters.ts";
import { fusing } from "./fused.ts";
import { forwardOf, longestOf, readsText, type RunSizes, writingOf } from "./model-run.ts";
import { ObservedParts } from "./observed-parts.ts";
import { partCosts, type PartCost } from "./part-costs.ts";

/** What a model takes, as a dry run counts it: nothing is computed. */
export interface Cost {
  /** The sizes that were asked for, or what the model can take of them. */
  readonly sizes: RunSizes;
  /** Does the length mean anything to it? */
  readonly readsText: boolean;
  readonly parameters: number;
  /** Those that compute for one token, where a mixture chooses among experts. */
  readonly activeParameters: number | undefined;
  /** One forward pass of a batch. */
  readonly forward: { readonly flops: number; readonly peakBytes: number; readonly shape: readonly number[] };
  /** One more token at the end of a text of that length, the others in a cache; undefined for a model that does not write. */
  readonly token: { readonly flops: number; readonly cacheBytes: number } | undefined;
  readonly parts: readonly PartCost[];
}

/** How long texts are that are counted where a model has no limit. */
const usualLength = 64;

/** Counts what models take. */
export class Costs {
  readonly #kinds: Kinds;

  constructor(kinds: Kinds = standardKinds) {
    this.#kinds = kinds;
  }

  /** What a spec's model takes. Throws `ConfigError` for what cannot be assembled. */
  async of(
    spec: unknown,
    { batch, length: asked }: { readonly batch: number; readonly length?: number | undefined },
  ): Promise<Cost> {
    const on = dryRun({ like: fusing as Backend });
    using model = await assemble(spec, { kinds: this.#kinds }).to(on);
    const longest = longestOf(model) ?? asked ?? usualLength;
    const sizes = { batch, length: Math.min(asked ?? longest, longest) };
    const observed = new ObservedParts(on);
    const shape = observeModules(observed.observer, () => scoped(() => forwardOf(model, sizes)().shape));
    return {
      sizes,
      readsText: readsText(model),
      parameters: describe(model).count,
      activeParameters: activeParameters(model),
      forward: { flops: observed.flops, peakBytes: observed.peakBytes, shape },
      token: this.#token(model, sizes),
      parts: partCosts(model, observed),
    };
  }

  /** What a step of training takes at its peak, in bytes: forward, backward and AdamW, with what that remembers. */
  async training(spec: unknown, sizes: RunSizes): Promise<number> {
    const { trainingPeak } = await import("./training-cost.ts");
    const on = dryRun({ like: fusing as Backend });
    using model = await assemble(spec, { kinds: this.#kinds }).to(on);
    return trainingPeak(model, on, sizes);
  }

  #token(model: Parameters<typeof writingOf>[0], sizes: RunSizes): Cost["token"] {
    const on = model.backend as ReturnType<typeof dryRun>;
    using owned = new DisposableStack();
    using scope = new Scope();
    const writing = scope.run(() => writingOf(model, sizes, (what) => owned.use(what)));
    if (writing === undefined) return undefined;
    on.reset();
    writing.token();
    return { flops: on.report().flops, cacheBytes: writing.cacheBytes };
  }
}
