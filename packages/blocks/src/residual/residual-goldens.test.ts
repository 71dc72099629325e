import { causal, MultiHeadAttention } from "@tenon/attention";
import { checkGolden, type PartGolden } from "@tenon/backend-testkit";
import { LayerNorm, RMSNorm } from "@tenon/nn";
import { gelu, random, type Tensor } from "@tenon/tensor";
import { test } from "vitest";

import written from "../../goldens/residual.json" with { type: "json" };
import type { Block } from "../block.ts";
import { GatedMLP } from "../feed-forward/gated-mlp.ts";
import { MLP } from "../feed-forward/mlp.ts";
import { ParallelBlock } from "../parallel-block.ts";
import { TransformerBlock } from "../transformer-block.ts";
import { DeepNorm } from "./deep-norm.ts";
import { LayerScale } from "./layer-scale.ts";
import { PostNorm } from "./post-norm.ts";
import { PreNorm } from "./pre-norm.ts";
import { ReZero } from "./re-zero.ts";
import type { Residual } from "./residual.ts";
import { SandwichNorm } from "./sandwich-norm.ts";

type Config =
  | { kind: "post-norm" | "pre-norm" | "sandwich" | "layer-scale" | "re-zero" }
  | { kind: "deep-norm"; alpha: number }
  | { kind: "parallel"; activation: "tanh" | "exact"; attentionBias: boolean; twoNorms?: boolean };

const goldens = written as unknown as readonly PartGolden<Config>[];
const [width, heads, hidden] = [4, 2, 5] as const;
const stream = random(1);
const attention = (bias: boolean): MultiHeadAttention => new MultiHeadAttention({ width, heads, bias, random: stream });
const mlp = (activation?: (x: Tensor) => Tensor): MLP => new MLP({ width, hidden, activation, random: stream });
const norm = (): LayerNorm => new LayerNorm(width);
const plainNorm = (): LayerNorm => new LayerNorm(width, { bias: false });
const tanhGelu = (x: Tensor): Tensor => gelu(x, "tanh");

function around(residual: () => Residual, attentionBias = false): Block {
  return new TransformerBlock({ attention: attention(attentionBias), feedForward: mlp(), residual });
}

function create(config: Config): Block {
  switch (config.kind) {
    case "post-norm":
      return around(() => new PostNorm({ norm: norm() }), true);
    case "pre-norm":
      return around(() => new PreNorm({ norm: norm() }), true);
    case "sandwich":
      return new TransformerBlock({
        attention: attention(false),
        feedForward: new GatedMLP({ width, hidden, activation: tanhGelu, random: stream }),
        residual: () => new SandwichNorm({ before: new RMSNorm(width), after: new RMSNorm(width) }),
      });
    case "layer-scale":
      return around(() => new LayerScale({ norm: plainNorm(), width }));
    case "re-zero":
      return around(() => new ReZero());
    case "deep-norm":
      return around(() => new DeepNorm({ norm: plainNorm(), alpha: config.alpha }));
    case "parallel":
      return new ParallelBlock({
        attention: attention(config.attentionBias),
        feedForward: mlp(config.activation === "tanh" ? tanhGelu : gelu),
        residual: () => new PreNorm({ norm: norm() }),
        feedForwardNorm: config.twoNorms === true ? norm() : undefined,
      });
  }
}

/** Decoders, which see no later position; the others are encoders. */
const causalKinds = new Set<Config["kind"]>(["parallel", "sandwich"]);

test.each(goldens.map((golden) => [golden.name, golden] as const))("agrees with %s", async (_, golden) => {
  await checkGolden(golden, {
    create,
    forward: (block, { x }, { kind }) => block.forward(x!, causalKinds.has(kind) ? { mask: causal() } : {}),
  });
});
