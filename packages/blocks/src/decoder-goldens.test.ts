import { causal, MultiHeadAttention, MultiHeadCrossAttention, padding } from "@tenon/attention";
import { checkGolden, type PartGolden } from "@tenon/backend-testkit";
import { LayerNorm } from "@tenon/nn";
import { random, tensor } from "@tenon/tensor";
import { test } from "vitest";

import written from "../goldens/decoder.json" with { type: "json" };
import type { Block } from "./block.ts";
import { CrossAttentionBlock } from "./cross-attention-block.ts";
import { MLP } from "./feed-forward/mlp.ts";
import { PostNorm } from "./residual/post-norm.ts";
import { PreNorm } from "./residual/pre-norm.ts";
import { Stack } from "./stack.ts";

interface Config {
  readonly residual: "pre-norm" | "post-norm";
  /** How many, of a stack; null for a block by itself. */
  readonly layers: number | null;
  /** How much of each sequence's memory may be seen; null for all. */
  readonly lengths: readonly number[] | null;
}
const goldens = written as unknown as readonly PartGolden<Config>[];
const [width, heads, hidden, seed] = [4, 2, 5, random(1)] as const;

function create({ residual, layers }: Config): Block {
  const Connection = residual === "pre-norm" ? PreNorm : PostNorm;
  const block = (): CrossAttentionBlock =>
    new CrossAttentionBlock({
      attention: new MultiHeadAttention({ width, heads, random: seed }),
      crossAttention: new MultiHeadCrossAttention({ width, heads, random: seed }),
      feedForward: new MLP({ width, hidden, random: seed }),
      residual: () => new Connection({ norm: new LayerNorm(width) }),
    });
  return layers === null ? block() : new Stack(layers, block);
}

test.each(goldens.map((golden) => [golden.name, golden] as const))("agrees with %s", async (_, golden) => {
  await checkGolden(golden, {
    create,
    forward: (part, { x, memory }, { lengths }) => {
      const memoryMask = lengths === null ? undefined : padding(tensor(lengths, [lengths.length], x!.backend, "i32"));
      return part.forward(x!, { mask: causal(), memory, memoryMask });
    },
  });
});
