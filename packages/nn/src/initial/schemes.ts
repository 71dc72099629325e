import { ConfigError, type Random } from "@tenon/tensor";

import { expectSize } from "../check-options.ts";
import { eachOf } from "./each-of.ts";
import { fansOf } from "./fans.ts";
import { normal, uniformWithin, type Initial, type Initialiser } from "./initial.ts";
import type { InitialRule, InitialScheme } from "./initialise.ts";
import { kaimingNormal } from "./kaiming.ts";
import { truncatedNormal } from "./truncated-normal.ts";
import { xavier, xavierNormal } from "./xavier.ts";

/** Facts about a model, of which each scheme takes what it needs. */
export interface InitialSchemeSizes {
  /** How many blocks there are: for `gpt-2`. */
  readonly layers?: number | undefined;
  /** The width d of the stream: for `t5` and `small`. */
  readonly width?: number | undefined;
  /** The heads of an attention: for `t5`. */
  readonly heads?: number | undefined;
}

/** A scheme that {@link initialScheme} knows. */
export type InitialSchemeName = "xavier" | "kaiming" | "gpt-2" | "bert" | "t5" | "small" | "small-embedding";

const matrices = { axes: 2, optional: true } as const;
const rule = (pattern: string, initialiser: Initialiser): InitialRule => [pattern, initialiser, matrices];
const withDeviation =
  (deviation: number): Initialiser =>
  (random) =>
    normal(random, deviation);
/** 1 / √in, what keeps the variance of a linear map. */
const byFanIn = (random: Random): Initial => kaimingNormal(random, { gain: 1 });
/** The maps at the end of attention: in a model, in a stack or in a block by itself, but not the output of the model. */
const attentionOutputs = ["**blocks.**.output.weight", "**attention.output.weight", "**crossAttention.output.weight"];
/** Those at the end of feed-forward parts. */
const feedForwardOutputs = ["**blocks.**.down.weight", "**feedForward.**down.weight"];
/** Weights that belong together by experts fan within one expert. */
const weights = (initialiser: Initialiser): InitialRule[] => [
  rule("**experts.gate", eachOf(initialiser)),
  rule("**experts.up", eachOf(initialiser)),
  rule("**experts.down", eachOf(initialiser)),
  rule("**weight", initialiser),
];
/** Vectors of length about 1, [count, d]. */
const unitRows: Initialiser = (random) => (shape) => withDeviation(1 / Math.sqrt(shape[1]!))(random)(shape);

function needed(scheme: InitialSchemeName, sizes: InitialSchemeSizes, name: keyof InitialSchemeSizes): number {
  const size = sizes[name];
  if (size === undefined)
    throw new ConfigError(
      `the scheme "${scheme}" needs the ${name} of the model: initialScheme("${scheme}", { ${name}: … })`,
      {
        scheme,
        missing: name,
      },
    );
  expectSize(`the scheme "${scheme}"`, name, size);
  return size;
}

/** 1 / √(d k) for the queries [heads · k, d] of T5, whose attention does not divide by √k. */
const t5Queries =
  (heads: number): Initialiser =>
  (random) =>
  (shape) => {
    const { in: width, out } = fansOf(shape, "t5");
    if (out % heads !== 0)
      throw new ConfigError(`t5: ${heads} heads cannot share ${out} rows of queries evenly`, { heads, rows: out });
    return normal(random, 1 / Math.sqrt((width * out) / heads))(shape);
  };

const schemes: Readonly<Record<InitialSchemeName, (sizes: InitialSchemeSizes) => InitialScheme>> = {
  xavier: () => [rule("**table", unitRows), ...weights(xavier)],
  kaiming: () => weights(kaimingNormal),
  "gpt-2": (sizes) => {
    const residual = withDeviation(0.02 / Math.sqrt(2 * needed("gpt-2", sizes, "layers")));
    return [
      ...[...attentionOutputs, ...feedForwardOutputs, "**experts.down"].map((pattern) => rule(pattern, residual)),
      rule("**position.table", withDeviation(0.01)),
      rule("**", withDeviation(0.02)),
    ];
  },
  bert: () => [rule("**", (random) => truncatedNormal(random, 0.02))],
  t5: (sizes) => [
    rule("**position.table", withDeviation(1 / Math.sqrt(needed("t5", sizes, "width")))),
    rule("**table", withDeviation(1)),
    rule("**query.weight", t5Queries(needed("t5", sizes, "heads"))),
    ...weights(byFanIn),
  ],
  small: (sizes) => {
    const attention = withDeviation(Math.sqrt(2 / (5 * needed("small", sizes, "width"))));
    return [
      rule("**table", unitRows),
      ...["**query.weight", "**key.weight", "**value.weight", ...attentionOutputs].map((pattern) =>
        rule(pattern, attention),
      ),
      ...weights(xavierNormal),
    ];
  },
  "small-embedding": () => [rule("**tokens.table", (random) => uniformWithin(random, 1e-4))],
};

/** The names of the schemes. */
export const initialSchemeNames: readonly InitialSchemeName[] = Object.keys(schemes) as InitialSchemeName[];

/**
 * How the models of the papers begin, for {@link initialise}. The rules are for tables and weights with two axes or more, by the names that
 * Tenon's parts give them; biases, norms and other vectors stay as their parts made them. Weights of experts count as so many matrices.
 *
 * - `xavier`: weights uniform within √(6 / (in + out)), tables normal with d^−½ (Vaswani et al. 2017, in tensor2tensor; Glorot and Bengio 2010)
 * - `kaiming`: weights normal with √(2 / in); tables stay (He et al. 2015)
 * - `gpt-2`: normal with 0.02, tables of positions 0.01; what adds to the stream, `output` and `down` of the blocks, 0.02 / √(2 layers) (Radford et
 *   al. 2019)
 * - `bert`: normal with 0.02, cut at two deviations (Devlin et al. 2018)
 * - `t5`: tables normal with 1, queries (d k)^−½, every other weight in^−½, tables of positions d^−½; for attention that does not divide
 *   by √k. An output map of its own begins as the tied one does, times d^−½ (Raffel et al. 2020, in its code)
 * - `small`: the weights of attention normal with √(2 / 5d), others √(2 / (in + out)), tables d^−½ (Nguyen and Salazar 2019, "Transformers without tears")
 * - `small-embedding`: the table of tokens uniform within 10⁻⁴, to be followed by a norm; all else stays (Peng 2022, "SmallInitEmb")
 *
 * Throws `ConfigError` for another name, and when a size that the scheme needs is missing or no whole number from 1 up.
 *
 * @example
 * ```ts
 * const layer = new Linear({ input: 4, output: 4, random: random(1) });
 * initialise(layer, initialScheme("gpt-2", { layers: 12 }), random(1));
 * ```
 */
export function initialScheme(name: InitialSchemeName, sizes: InitialSchemeSizes = {}): InitialScheme {
  if (Object.hasOwn(schemes, name)) return schemes[name](sizes);
  throw new ConfigError(
    `there is no scheme ${JSON.stringify(name)}; choose from ${initialSchemeNames.join(", ")}, or write a list of rules`,
    { scheme: name },
  );
}
