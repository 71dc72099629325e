import { FixedCache, type AttentionCache, type Mask, type MemoryCache } from "@tenon/attention";
import { expectSize, Module, recompute } from "@tenon/nn";
import { Extent } from "@tenon/positional";
import { ConfigError, type Tensor } from "@tenon/tensor";

import type { Block } from "./block.ts";

/** What comes with the input of one forward pass, for all blocks. */
export interface StackOptions {
  /** Which keys each query may see. Default: all. */
  readonly mask?: Mask | undefined;
  /** The positions before, one cache for each block. Default: there are none. */
  readonly caches?: readonly AttentionCache[] | undefined;
  /** The positions of this pass. Default: from the caches' length on. */
  readonly extent?: Extent | undefined;
  /** Another sequence to look at, [b, s, d′], for the blocks that do. Default: there is none. */
  readonly memory?: Tensor | undefined;
  /** Which positions of the memory each query may see. Default: all. */
  readonly memoryMask?: Mask | undefined;
  /** Keep what the blocks make of the memory, one for each block. Default: it is made anew at each pass. */
  readonly memoryCaches?: readonly MemoryCache[] | undefined;
}

/**
 * Blocks, one after the other: x [b, t, d] → [b, t, d]. It is a list, so its blocks are named by their place: in a model that
 * calls it `blocks`, the attention of the fourth is `blocks.3.attention`. All blocks share one extent, and with it the tables of
 * their position scheme.
 *
 * Throws `ConfigError` unless the number of layers is a whole number from 1 up; `forward` throws `ConfigError` when there is not
 * one cache for each block, the caches hold different numbers of positions, or there is a memory, a mask or caches of one, and no block looks
 * at any.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const layer = (random: Random): TransformerBlock =>
 *   new TransformerBlock({
 *     attention: new MultiHeadAttention({ width: 16, heads: 2, random: random.fork("attention") }),
 *     feedForward: new MLP({ width: 16, hidden: 64, random: random.fork("feedForward") }),
 *     residual: () => new PreNorm({ norm: new LayerNorm(16) }),
 *   });
 * const blocks = await new Stack(4, (place) => layer(random(1).fork(place))).to(on);
 * console.log(blocks.forward(zeros([1, 3, 16], on), { mask: causal() }).shape); // [ 1, 3, 16 ]
 * ```
 *
 * To train with less memory, see {@link recomputeBlocks}.
 */
export class Stack extends Module<[x: Tensor, options?: StackOptions], Tensor> implements Iterable<Block> {
  readonly #blocks: readonly Block[];
  /** How many blocks there are. */
  readonly length: number;
  /** How many blocks at a time keep only what goes into them, and are computed again for the gradients; 0: none. `recomputeBlocks` sets it. */
  recomputed = 0;

  /** Makes `layers` blocks. A function that returns the same block twice shares its parameters (Lan et al. 2019, "ALBERT"). */
  constructor(layers: number, block: (layer: number) => Block) {
    super();
    expectSize("Stack", "layers", layers);
    this.#blocks = Array.from({ length: layers }, (_, layer) => block(layer));
    this.length = layers;
  }

  [Symbol.iterator](): Iterator<Block> {
    return this.#blocks.values();
  }

  /** An empty cache for each block, of the kind that its attention takes, with room for `capacity` positions. */
  newCaches(capacity: number): AttentionCache[] {
    return this.#blocks.map((block) => block.newCache?.(capacity) ?? new FixedCache(capacity));
  }

  protected override compute(x: Tensor, options: StackOptions = {}): Tensor {
    const { mask, caches, extent, memory, memoryMask, memoryCaches } = options;
    const offset = caches === undefined ? 0 : filled(caches, this.length);
    const shared = extent ?? new Extent({ offset, length: x.shape[1] ?? 1, backend: x.backend });
    if (memoryCaches !== undefined) expectOneEach("memory caches", memoryCaches.length, this.length);
    const told = [memory, memoryMask, memoryCaches].some((each) => each !== undefined);
    if (told && !this.#blocks.some(({ takesMemory }) => takesMemory === true)) {
      throw new ConfigError("Stack: none of its blocks looks at a memory; build it of CrossAttentionBlocks", {
        memory: memory?.shape,
      });
    }
    const pass = (y: Tensor, memory: Tensor | undefined, from: number, end: number): Tensor =>
      this.#blocks.slice(from, end).reduce((y, block, i) => {
        const looking = block.takesMemory === true && { memory, memoryMask, memoryCache: memoryCaches?.[from + i] };
        return block.forward(y, { mask, cache: caches?.[from + i], extent: shared, ...looking });
      }, y);
    const every = caches === undefined && memoryCaches === undefined ? this.recomputed : 0;
    if (every === 0) return pass(x, memory, 0, this.length);
    return Array.from({ length: Math.ceil(this.length / every) }, (_, i) => i * every).reduce(
      (y, from) => recompute([y, memory], (y, memory) => pass(y, memory, from, from + every)),
      x,
    );
  }
}

/** How many positions each of the caches holds. */
function filled(caches: readonly AttentionCache[], blocks: number): number {
  expectOneEach("caches", caches.length, blocks);
  const lengths = caches.map(({ length }) => length);
  if (new Set(lengths).size > 1) {
    throw new ConfigError(
      `Stack: the caches hold ${lengths.join(", ")} positions, and should hold equally many. Was a forward pass cut short? reset() them all.`,
      { lengths },
    );
  }
  return lengths[0]!;
}

function expectOneEach(what: string, count: number, blocks: number): void {
  if (count === blocks) return;
  throw new ConfigError(`Stack: ${count} ${what} for ${blocks} blocks; make one for each`, { caches: count, blocks });
}
