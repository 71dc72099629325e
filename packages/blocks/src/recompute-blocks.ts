import type { Part } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import { Stack } from "./stack.ts";

/**
 * Gradient checkpointing for a whole model: of what the blocks of each {@link Stack} in it compute, training keeps only what goes into every so many of them, and
 * computes the rest again for the gradients. Those are the same, to the last bit, with dropout and side outputs, too; one more forward pass of the blocks is what it costs. For n
 * blocks that each compute c times what goes into them, √(n / c) at a time needs the least memory; c is about 15, so 1 is best up to some thirty blocks. 0 keeps everything again.
 *
 * Forward passes alone and those with caches are as ever. What blocks share, such as a table of relative positions, adds up its gradient in another order, and
 * may round it otherwise.
 *
 * Gives the paths of the stacks. Throws `ConfigError` unless `every` is a whole number from 0 up, and for a part without a stack.
 *
 * Chen et al. 2016, "Training deep nets with sublinear memory cost".
 *
 * @example
 * ```ts
 * const block = (random: Random): TransformerBlock =>
 *   new TransformerBlock({
 *     attention: new MultiHeadAttention({ width: 8, heads: 2, random: random.fork("attention") }),
 *     feedForward: new MLP({ width: 8, hidden: 32, random: random.fork("feedForward") }),
 *     residual: () => new PreNorm({ norm: new LayerNorm(8) }),
 *   });
 * const on = cpu();
 * const blocks = await new Stack(4, (layer) => block(random(1).fork(layer))).to(on);
 * console.log(recomputeBlocks(blocks)); // [ '' ]
 * const { gradients } = valueAndGrad(blocks, () => mean(blocks.forward(ones([1, 3, 8], on), { mask: causal() })));
 * console.log(gradients.size); // 64
 * ```
 */
export function recomputeBlocks(part: Part, every = 1): string[] {
  if (!Number.isSafeInteger(every) || every < 0)
    throw new ConfigError(`recomputeBlocks: every must be a whole number from 0 up, got ${every}`, { every });
  const stacks = [...part.parts()].filter((entry): entry is [string, Stack] => entry[1] instanceof Stack);
  if (stacks.length === 0)
    throw new ConfigError(
      `recomputeBlocks: there is no Stack of blocks in this ${part.constructor.name}; use recompute() of @tenon/nn around what takes the memory`,
    );
  for (const [, stack] of stacks) stack.recomputed = every;
  return stacks.map(([path]) => path);
}
