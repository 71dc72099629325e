import {
  deepNormConstants,
  DeepNorm,
  depthRate,
  LayerScale,
  ParallelBlock,
  PostNorm,
  PreNorm,
  ReZero,
  SandwichNorm,
  StochasticDepth,
  type Residual,
} from "@tenon/blocks";
import { z } from "zod";

import { aroundEach } from "./around-each.ts";
import type { Given, Kind } from "./kind.ts";

/** What every scheme takes. */
interface Common {
  /** Is the stream normalised once more after the last block? A stream that each block leaves normalised need not be. */
  finalNorm: boolean;
  /** The rate at which the last layer is skipped in training; it grows evenly from layer to layer (Huang et al. 2016). */
  stochasticDepth?: number | undefined;
}
const stochasticDepth = z.number().min(0).lt(1).optional().describe("a number from 0 up and below 1");
const common = (finalNorm: boolean) => ({ finalNorm: z.boolean().default(finalNorm), stochasticDepth });

/** The connection, skipped in training as often as the layer is to be. */
function skipped({ stochasticDepth }: Common, { layer, layers }: Given["residual"], residual: Residual): Residual {
  if (stochasticDepth === undefined || stochasticDepth === 0) return residual;
  return new StochasticDepth({ residual, rate: depthRate(layer, layers, stochasticDepth) });
}

/** The norm stands before each sublayer. A stream of this kind was never normalised, so it is in the end unless told. */
export const preNorm: Kind<"residual", { kind: "pre-norm" } & Common> = {
  options: z.strictObject({ kind: z.literal("pre-norm"), ...common(true) }),
  build: (options, given) =>
    aroundEach(given.sublayers, (place) =>
      skipped(options, given, new PreNorm({ norm: given.norm(place), dropout: given.dropout })),
    ),
};

/** The norm stands after each sum, and so the stream is not normalised again unless told. */
export const postNorm: Kind<"residual", { kind: "post-norm" } & Common> = {
  options: z.strictObject({ kind: z.literal("post-norm"), ...common(false) }),
  build: (options, given) =>
    aroundEach(given.sublayers, (place) =>
      skipped(options, given, new PostNorm({ norm: given.norm(place), dropout: given.dropout })),
    ),
};

/** A norm before each sublayer, and one after it. What a skipped layer adds would be the second norm's bias, so it takes no stochastic depth. */
export const sandwichNorm: Kind<"residual", { kind: "sandwich-norm"; finalNorm: boolean }> = {
  options: z.strictObject({ kind: z.literal("sandwich-norm"), finalNorm: z.boolean().default(true) }),
  build: (_, { sublayers, norm, dropout }) =>
    aroundEach(
      sublayers,
      (place) => new SandwichNorm({ before: norm(`${place}.before`), after: norm(`${place}.after`), dropout }),
    ),
};

/** Attention and feed-forward part side by side; with `norms: 2` each sees the stream through a norm of its own. */
export const parallel: Kind<"residual", { kind: "parallel"; norms: 1 | 2 } & Common> = {
  options: z.strictObject({
    kind: z.literal("parallel"),
    norms: z.union([z.literal(1), z.literal(2)]).default(1),
    ...common(true),
  }),
  build: (options, given) =>
    new ParallelBlock({
      ...given.sublayers,
      residual: (place) => skipped(options, given, new PreNorm({ norm: given.norm(place), dropout: given.dropout })),
      feedForwardNorm: options.norms === 2 ? given.norm("feedForward") : undefined,
    }),
};

/** Post-norm whose stream weighs more the deeper the stack is. Begin such a model with `initial: "deep-norm"`. */
export const deepNorm: Kind<"residual", { kind: "deep-norm" } & Common> = {
  options: z.strictObject({ kind: z.literal("deep-norm"), ...common(false) }),
  build: (options, given) => {
    const { alpha } = deepNormConstants({ decoder: given.layers }).decoder; // an encoder's alone are the same
    return aroundEach(given.sublayers, (place) =>
      skipped(options, given, new DeepNorm({ norm: given.norm(place), alpha, dropout: given.dropout })),
    );
  },
};

/** No norm: each sublayer begins with no say at all. */
export const reZero: Kind<"residual", { kind: "re-zero" } & Common> = {
  options: z.strictObject({ kind: z.literal("re-zero"), ...common(false) }),
  build: (options, given) =>
    aroundEach(given.sublayers, () => skipped(options, given, new ReZero({ dropout: given.dropout }))),
};

/** Pre-norm whose sublayers begin with a say of `initial` for each element. */
export const layerScale: Kind<"residual", { kind: "layer-scale"; initial: number } & Common> = {
  options: z.strictObject({
    kind: z.literal("layer-scale"),
    initial: z.number().positive().default(1e-5),
    ...common(true),
  }),
  build: (options, given) =>
    aroundEach(given.sublayers, (place) => {
      const { width, norm, dropout } = given;
      const scaled = new LayerScale({ norm: norm(place), width, initial: options.initial, dropout });
      return skipped(options, given, scaled);
    }),
};
