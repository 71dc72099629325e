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
import { ConfigError } from "@tenon/tensor";
import * as z from "zod";

import { call, code, construct, Expression, imported, unless } from "../typescript/expression.ts";
import { aroundEachWiring, type Connection, type Step } from "../diagram/wiring.ts";
import { aroundEach, aroundEachCode } from "./around-each.ts";
import type { GivenCode } from "./kind-code.ts";
import type { Given, Kind } from "./kind.ts";

/** What every scheme takes. */
interface Common {
  /** Is the stream normalised once more after the last block? A stream that each block leaves normalised need not be. */
  finalNorm: boolean;
  /** The rate at which the last layer is skipped in training; it grows evenly from layer to layer (Huang et al. 2016). */
  stochasticDepth?: number | undefined;
}
const stochasticDepth = z
  .number()
  .min(0)
  .lt(1)
  .optional()
  .describe("a number from 0 up and below 1")
  .meta({ title: "The rate at which the last layer is skipped in training (Huang et al. 2016)" });
const finalNorm = z.boolean().meta({ title: "Is there one more norm after the last block?" });
const common = (usual: boolean) => ({ finalNorm: finalNorm.default(usual), stochasticDepth });

/** The connection, skipped in training as often as the layer is to be. */
function skipped({ stochasticDepth }: Common, { layer, layers }: Given["residual"], residual: Residual): Residual {
  if (stochasticDepth === undefined || stochasticDepth === 0) return residual;
  return new StochasticDepth({ residual, rate: depthRate(layer, layers, stochasticDepth) });
}

/** The same as code. */
function skippedCode(
  { stochasticDepth }: Common,
  { layer, layers }: GivenCode["residual"],
  residual: Expression,
): Expression {
  if (stochasticDepth === undefined || stochasticDepth === 0) return residual;
  const rate = call(imported("depthRate", "@tenon/blocks"), layer, layers, stochasticDepth);
  return construct("StochasticDepth", "@tenon/blocks", { residual, rate });
}
/** For schemes that are one class around each sublayer. */
const aroundEachPrinted = (
  options: Common,
  given: GivenCode["residual"],
  name: string,
  more: Readonly<Record<string, Expression | number | undefined>> = {},
): Expression =>
  aroundEachCode(given.sublayers, (place) => {
    const parts = { norm: given.norm(place), ...more, dropout: given.dropout };
    return skippedCode(options, given, construct(name, "@tenon/blocks", parts));
  });

/** Where the connection around a sublayer is in its block. */
const connectionOf = (place: string, { stochasticDepth }: Common): string =>
  `${place === "" ? "residual" : `${place}Residual`}${stochasticDepth === undefined || stochasticDepth === 0 ? "" : ".residual"}`;
/** What a sublayer gives passes this last. */
const skippedSteps = ({ stochasticDepth = 0 }: Common): Step[] =>
  stochasticDepth === 0 ? [] : [{ label: `left out at a rate of up to ${stochasticDepth}` }];
/** Something before the sublayer, after it, or after the sum. */
const connection = (options: Common, { after = [], ...steps }: Omit<Connection, "branches">) => ({
  ...steps,
  after: [...after, ...skippedSteps(options)],
});

/** The norm stands before each sublayer. A stream of this kind was never normalised, so it is in the end unless told. */
export const preNorm: Kind<"residual", { kind: "pre-norm" } & Common> = {
  options: z
    .strictObject({ kind: z.literal("pre-norm"), ...common(true) })
    .meta({ title: "The norm stands before each sublayer (Xiong et al. 2020), as in GPT-2 and Llama" }),
  build: (options, given) =>
    aroundEach(given.sublayers, (place) =>
      skipped(options, given, new PreNorm({ norm: given.norm(place), dropout: given.dropout })),
    ),
  code: (options, given) => aroundEachPrinted(options, given, "PreNorm"),
  wiring: (options, stack) =>
    aroundEachWiring(
      (place) => connection(options, { before: [{ part: `${connectionOf(place, options)}.norm` }] }),
      stack,
    ),
};

/** The norm stands after each sum, and so the stream is not normalised again unless told. */
export const postNorm: Kind<"residual", { kind: "post-norm" } & Common> = {
  options: z
    .strictObject({ kind: z.literal("post-norm"), ...common(false) })
    .meta({ title: "The norm stands after each sum (Vaswani et al. 2017), as in BERT" }),
  build: (options, given) =>
    aroundEach(given.sublayers, (place) =>
      skipped(options, given, new PostNorm({ norm: given.norm(place), dropout: given.dropout })),
    ),
  code: (options, given) => aroundEachPrinted(options, given, "PostNorm"),
  wiring: (options, stack) =>
    aroundEachWiring(
      (place) => connection(options, { joined: [{ part: `${connectionOf(place, options)}.norm` }] }),
      stack,
    ),
};

/** A norm before each sublayer, and one after it. What a skipped layer adds would be the second norm's bias, so it takes no stochastic depth. */
export const sandwichNorm: Kind<"residual", { kind: "sandwich-norm"; finalNorm: boolean }> = {
  options: z
    .strictObject({ kind: z.literal("sandwich-norm"), finalNorm: finalNorm.default(true) })
    .meta({ title: "A norm before each sublayer and one after (Ding et al. 2021), as in Gemma 2" }),
  build: (_, { sublayers, norm, dropout }) =>
    aroundEach(
      sublayers,
      (place) => new SandwichNorm({ before: norm(`${place}.before`), after: norm(`${place}.after`), dropout }),
    ),
  code: (_, { sublayers, norm, dropout }) =>
    aroundEachCode(sublayers, (place) =>
      construct("SandwichNorm", "@tenon/blocks", {
        before: norm(`${place}.before`),
        after: norm(`${place}.after`),
        dropout,
      }),
    ),
  wiring: (_, stack) =>
    aroundEachWiring(
      (place) => ({
        before: [{ part: `${place}Residual.before` }],
        after: [{ part: `${place}Residual.after` }],
      }),
      stack,
    ),
};

/** Attention and feed-forward part side by side; with `norms: 2` each sees the stream through a norm of its own. */
export const parallel: Kind<"residual", { kind: "parallel"; norms: 1 | 2 } & Common> = {
  options: z
    .strictObject({
      kind: z.literal("parallel"),
      norms: z
        .union([z.literal(1), z.literal(2)])
        .default(1)
        .meta({ title: "Do attention and feed-forward part share a norm, or have 2?" }),
      ...common(true),
    })
    .meta({ title: "Attention and feed-forward part side by side, as in GPT-J and GPT-NeoX" }),
  build: (options, given) => {
    const { crossAttention, ...sublayers } = given.sublayers;
    if (crossAttention !== undefined) {
      throw new ConfigError(
        '"parallel" has attention and feed-forward part side by side, and no place for a cross-attention; choose another scheme for the decoder',
      );
    }
    return new ParallelBlock({
      ...sublayers,
      residual: (place) => skipped(options, given, new PreNorm({ norm: given.norm(place), dropout: given.dropout })),
      feedForwardNorm: options.norms === 2 ? given.norm("feedForward") : undefined,
    });
  },
  code: (options, given) => {
    const connection = construct("PreNorm", "@tenon/blocks", { norm: given.norm("attention"), dropout: given.dropout });
    return construct("ParallelBlock", "@tenon/blocks", {
      ...given.sublayers,
      residual: code`() => ${skippedCode(options, given, connection)}`,
      feedForwardNorm: options.norms === 2 ? given.norm("feedForward") : undefined,
    });
  },
  wiring: (options) => {
    const norm = [{ part: `${connectionOf("", options)}.norm` }];
    if (options.norms === 1) {
      const branches = [{ sublayer: "attention" }, { sublayer: "feedForward" }] as const;
      return [{ branches, ...connection(options, { before: norm }) }];
    }
    const branches = [
      { before: norm, sublayer: "attention" },
      { before: [{ part: "feedForwardNorm" }], sublayer: "feedForward" },
    ] as const;
    return [{ branches, ...connection(options, {}) }];
  },
};

/** Post-norm whose stream weighs more the deeper the stack is. Begin such a model with `initial: "deep-norm"`. */
export const deepNorm: Kind<"residual", { kind: "deep-norm" } & Common> = {
  options: z
    .strictObject({ kind: z.literal("deep-norm"), ...common(false) })
    .meta({ title: "Post-norm with a heavier stream, for deep stacks (Wang et al. 2022)" }),
  build: (options, given) => {
    const { alpha } = deepNormConstants(given.depths)[given.causal ? "decoder" : "encoder"]!;
    return aroundEach(given.sublayers, (place) =>
      skipped(options, given, new DeepNorm({ norm: given.norm(place), alpha, dropout: given.dropout })),
    );
  },
  code: (options, given) => {
    const constants = call(imported("deepNormConstants", "@tenon/blocks"), given.depths);
    const side = new Expression(given.causal ? "decoder" : "encoder");
    return aroundEachPrinted(options, given, "DeepNorm", { alpha: code`${constants}.${side}.alpha` });
  },
  wiring: (options, stack) => {
    const { name, depths } = stack.side ?? { name: "decoder", depths: { decoder: stack.layers } };
    const { alpha } = deepNormConstants(depths)[name]!;
    return aroundEachWiring((place) => {
      const norm = { part: `${connectionOf(place, options)}.norm` };
      return connection(options, { stream: `× ${Number(alpha.toPrecision(3))}`, joined: [norm] });
    }, stack);
  },
};

/** No norm: each sublayer begins with no say at all. */
export const reZero: Kind<"residual", { kind: "re-zero" } & Common> = {
  options: z
    .strictObject({ kind: z.literal("re-zero"), ...common(false) })
    .meta({ title: "No norm; each sublayer begins with no say (Bachlechner et al. 2020)" }),
  build: (options, given) =>
    aroundEach(given.sublayers, () => skipped(options, given, new ReZero({ dropout: given.dropout }))),
  code: (options, given) => aroundEachPrinted(options, given, "ReZero", { norm: undefined }),
  wiring: (options, stack) =>
    aroundEachWiring(
      (place) =>
        connection(options, { after: [{ label: "× α, which begins at 0", part: connectionOf(place, options) }] }),
      stack,
    ),
};

/** Pre-norm whose sublayers begin with a say of `initial` for each element. */
export const layerScale: Kind<"residual", { kind: "layer-scale"; initial: number } & Common> = {
  options: z
    .strictObject({
      kind: z.literal("layer-scale"),
      initial: z
        .number()
        .positive()
        .default(1e-5)
        .meta({ title: "The say that each element of a sublayer begins with" }),
      ...common(true),
    })
    .meta({ title: "Pre-norm whose sublayers begin with little say (Touvron et al. 2021)" }),
  build: (options, given) =>
    aroundEach(given.sublayers, (place) => {
      const { width, norm, dropout } = given;
      const scaled = new LayerScale({ norm: norm(place), width, initial: options.initial, dropout });
      return skipped(options, given, scaled);
    }),
  code: (options, given) => {
    const { width } = given;
    return aroundEachPrinted(options, given, "LayerScale", { width, initial: unless(options.initial, 1e-5) });
  },
  wiring: (options, stack) =>
    aroundEachWiring((place) => {
      const part = connectionOf(place, options);
      return connection(options, { before: [{ part: `${part}.norm` }], after: [{ label: "× scale", part }] });
    }, stack),
};
