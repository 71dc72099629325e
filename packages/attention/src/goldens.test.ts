import { checkGolden, type PartGolden } from "@tenon/backend-testkit";
import { RMSNorm, trace, type Part } from "@tenon/nn";
import { RotaryPosition, type RotaryPositionOptions } from "@tenon/positional";
import { random, tensor, type Tensor } from "@tenon/tensor";
import { test } from "vitest";

import additive from "../goldens/additive.json" with { type: "json" };
import cross from "../goldens/cross.json" with { type: "json" };
import gated from "../goldens/gated.json" with { type: "json" };
import grouped from "../goldens/grouped.json" with { type: "json" };
import latent from "../goldens/latent.json" with { type: "json" };
import linear from "../goldens/linear.json" with { type: "json" };
import multiHead from "../goldens/multi-head.json" with { type: "json" };
import scores from "../goldens/scores.json" with { type: "json" };
import { AdditiveAttention, type AdditiveAttentionOptions } from "./additive-attention.ts";
import type { AttentionVariant } from "./attention-variant.ts";
import { LatentAttention, type LatentAttentionOptions } from "./latent-attention.ts";
import { LinearAttention, type LinearAttentionOptions } from "./linear-attention.ts";
import { all } from "./mask/all.ts";
import { causal } from "./mask/causal.ts";
import type { Mask } from "./mask/mask.ts";
import { padding } from "./mask/padding.ts";
import { window } from "./mask/window.ts";
import { MultiHeadAttention, type MultiHeadAttentionOptions } from "./multi-head-attention.ts";
import { MultiHeadCrossAttention, type MultiHeadCrossAttentionOptions } from "./multi-head-cross-attention.ts";
import { MultiplicativeAttention, type MultiplicativeAttentionOptions } from "./multiplicative-attention.ts";

/** Cases of a file, as `test.each` takes them: a name, and the rest. */
const cases = <C>(written: unknown): (readonly [string, PartGolden<C>])[] =>
  (written as readonly PartGolden<C>[]).map((golden) => [golden.name, golden] as const);
/** The options of a part, as JSON. */
type Options<O> = Omit<O, "random" | "variant" | "position" | "features">;
type Inputs = Readonly<Record<string, Tensor>>;
interface Seen {
  readonly lengths?: readonly number[] | null;
  readonly causal?: boolean;
  readonly window?: number | null;
}

const maskOf = ({ lengths = null, causal: isCausal, window: size = null }: Seen, { x }: Inputs): Mask =>
  all(
    ...(isCausal === true ? [causal()] : []),
    ...(size === null ? [] : [window(size)]),
    ...(lengths === null ? [] : [padding(tensor(lengths, [lengths.length], x!.backend, "i32"))]),
  );
/** The output, and what each query gave each key. */
const withPattern = (part: Part, forward: () => Tensor): Readonly<Record<string, Tensor>> => {
  const { output, taps } = trace(part, ["pattern"], forward);
  return { output, pattern: taps["pattern"]![0]! };
};

type Self = Options<MultiHeadAttentionOptions> &
  Seen & {
    readonly kind: "self";
    readonly rotary?: number;
    readonly variant?: Omit<AttentionVariant, "headNorm" | "mask"> & { readonly headNorm?: number };
  };
const made = ({ rotary, variant: { headNorm, ...variant } = {}, ...options }: Self): MultiHeadAttention =>
  new MultiHeadAttention({
    ...options,
    position: rotary === undefined ? undefined : new RotaryPosition({ width: rotary }),
    variant: {
      ...variant,
      headNorm: headNorm === undefined ? undefined : (width) => new RMSNorm(width, { epsilon: headNorm }),
    },
    random: random(1),
  });

test.each(cases<Self>([...grouped, ...scores, ...gated]))("multi-head attention: %s", async (_, golden) => {
  await checkGolden(golden, {
    create: made,
    forward: (part, inputs, config) => part.forward(inputs["x"]!, { mask: maskOf(config, inputs) }),
  });
});

type Cross = Options<MultiHeadCrossAttentionOptions> & Seen & { readonly kind: "cross" };
test.each(cases<Self | Cross>([...multiHead, ...cross]))("multi-head attention: %s", async (_, golden) => {
  await checkGolden(golden, {
    create: (config) =>
      config.kind === "self" ? made(config) : new MultiHeadCrossAttention({ ...config, random: random(1) }),
    forward: (part, inputs, config) => {
      const [x, mask] = [inputs["x"]!, maskOf(config, inputs)];
      return withPattern(part, () =>
        part instanceof MultiHeadAttention ? part.forward(x, { mask }) : part.forward(x, inputs["memory"]!, { mask }),
      );
    },
  });
});

type Additive = Options<AdditiveAttentionOptions> & Seen & { readonly kind: "additive" };
type Multiplicative = Options<MultiplicativeAttentionOptions> & Seen & { readonly kind: "multiplicative" };
test.each(cases<Additive | Multiplicative>(additive))("before transformers: %s", async (_, golden) => {
  await checkGolden(golden, {
    create: (config) =>
      config.kind === "additive"
        ? new AdditiveAttention({ ...config, random: random(1) })
        : new MultiplicativeAttention({ ...config, random: random(1) }),
    forward: (part, inputs, config) =>
      withPattern(part, () => part.forward(inputs["x"]!, inputs["memory"]!, { mask: maskOf(config, inputs) })),
  });
});

type Latent = Options<LatentAttentionOptions> &
  Pick<RotaryPositionOptions, "layout"> & { readonly variant: { readonly positionWidth: number } };
test.each(cases<Latent>(latent))("latent attention: %s", async (_, golden) => {
  await checkGolden(golden, {
    create: ({ layout, ...config }) => {
      const position = new RotaryPosition({ width: config.variant.positionWidth, layout });
      return new LatentAttention({ ...config, position, random: random(1) });
    },
    forward: (part, { x }) => part.forward(x!, { mask: causal() }),
  });
});

type Summed = Options<LinearAttentionOptions> & { readonly lengths: readonly number[] | null };
test.each(cases<Summed>(linear))("linear attention: %s", async (_, golden) => {
  await checkGolden(golden, {
    create: (config) => new LinearAttention({ ...config, random: random(1) }),
    forward: (part, inputs, { lengths }) => part.forward(inputs["x"]!, { mask: maskOf({ lengths }, inputs) }),
  });
});
